// Functions of the host, by their addresses in memory between it and the plugin. Use rookery.ts.

@external('extism:host/env', 'alloc')
export declare function blockAlloc(bytes: u64): u64;
@external('extism:host/env', 'length')
export declare function blockLength(at: u64): u64;
@external('extism:host/env', 'load_u8')
export declare function blockLoad(at: u64): i32;
@external('extism:host/env', 'store_u8')
export declare function blockStore(at: u64, byte: i32): void;
@external('extism:host/env', 'input_length')
export declare function inputLength(): u64;
@external('extism:host/env', 'input_load_u8')
export declare function inputLoad(at: u64): i32;
@external('extism:host/env', 'config_get')
export declare function configGet(name: u64): u64;
@external('extism:host/env', 'log_info')
export declare function logInfo(text: u64): void;

@external('extism:host/user', 'sendText')
export declare function hostSendText(input: u64): u64;
@external('extism:host/user', 'listRooms')
export declare function hostListRooms(input: u64): u64;
@external('extism:host/user', 'listUsers')
export declare function hostListUsers(input: u64): u64;
@external('extism:host/user', 'kvGet')
export declare function hostKvGet(input: u64): u64;
@external('extism:host/user', 'kvSet')
export declare function hostKvSet(input: u64): u64;
@external('extism:host/user', 'kvDelete')
export declare function hostKvDelete(input: u64): u64;
@external('extism:host/user', 'deleteMessage')
export declare function hostDeleteMessage(input: u64): u64;
@external('extism:host/user', 'muteUser')
export declare function hostMuteUser(input: u64): u64;
@external('extism:host/user', 'kickUser')
export declare function hostKickUser(input: u64): u64;
@external('extism:host/user', 'setPanel')
export declare function hostSetPanel(input: u64): u64;
