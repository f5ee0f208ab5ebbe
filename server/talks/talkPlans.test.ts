import { describe, expect, test } from 'vitest';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { newUuid } from '@rookery/schemas/uuid';
import { planEdit, planGroup, planLeave } from './talkPlans.js';

const [ada, bob, cleo, dan] = [newUuid(), newUuid(), newUuid(), newUuid()];
const made = { talkId: newUuid(), createdAtMs: 1 };
const group = { ...made, type: RoomType.Group, name: 'Chess', userIds: [ada, bob] } as const;
const direct = { ...group, type: RoomType.Direct, name: '' } as const;
const nothing = { name: null, addedUserIds: [] };

describe('a group', () => {
  test('has a normal name, and everybody once', () => {
    expect(planGroup(made, ' The   Den ', [ada, bob, ada], 3)).toEqual({
      ...group,
      name: 'The Den',
    });
  });

  test.each(['', '   ', 'a\u202eb', 'a/b'])('is not called %j', (name) => {
    expect(planGroup(made, name, [ada], 3)).toMatchObject({ code: ErrorCode.InvalidField });
    expect(planEdit(group, ada, { ...nothing, name }, 3)).toMatchObject({
      code: ErrorCode.InvalidField,
    });
  });

  test('is no larger than it may be, at first and later', () => {
    const limitReached = { refused: true, code: ErrorCode.LimitReached };
    expect(planGroup(made, 'All', [ada, bob, cleo, dan], 3)).toMatchObject(limitReached);
    const addedUserIds = [cleo, dan];
    expect(planEdit(group, ada, { name: null, addedUserIds }, 3)).toMatchObject(limitReached);
    expect(planEdit(group, ada, { name: null, addedUserIds }, 4)).toMatchObject({
      userIds: [ada, bob, cleo, dan],
    });
  });

  test('is changed by who is in it longest, and by nobody else', () => {
    const change = { name: 'Go', addedUserIds: [] };
    expect(planEdit(group, ada, change, 9)).toEqual({ ...group, name: 'Go' });
    expect(planEdit(group, bob, change, 9)).toMatchObject({ code: ErrorCode.NotPermitted });
    const left = planLeave(group, ada);
    expect(left).toEqual({ ...group, userIds: [bob] });
    expect(planEdit(left as typeof group, bob, change, 9)).toMatchObject({ name: 'Go' });
  });

  test('stays the same object where nothing changes', () => {
    expect(planEdit(group, ada, { name: 'Chess', addedUserIds: [bob] }, 9)).toBe(group);
    expect(planEdit(group, ada, nothing, 9)).toBe(group);
  });
});

test('a talk of two is neither changed nor left', () => {
  const notPermitted = { code: ErrorCode.NotPermitted };
  expect(planEdit(direct, ada, { ...nothing, name: 'Us' }, 9)).toMatchObject(notPermitted);
  expect(planEdit(direct, ada, { ...nothing, addedUserIds: [cleo] }, 9)).toMatchObject(
    notPermitted,
  );
  expect(planLeave(direct, ada)).toMatchObject(notPermitted);
});
