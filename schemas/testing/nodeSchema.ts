/** A schema with everything that one can hold, so that no later message is a surprise. */
export const nodeSchema = `
  namespace test;
  enum Colour : ubyte { Red, Green }
  struct Point { x:double; y:short; }
  struct Grid { cells:[ushort:3]; }
  table Leaf { name:string; }
  table Other { value:long; }
  union Any { Leaf, Other, Point, Text:string }
  table Node {
    flag:bool; colour:Colour; small:short; big:ulong; real:double; point:Point; text:string;
    bytes:[ubyte]; longs:[long]; points:[Point]; words:[string]; leaves:[Leaf];
    any:Any; many:[Any]; child:Node; children:[Node]; grid:Grid; maybe:int = null;
  }
  root_type Node;
  file_identifier "TEST";`;

/** Field numbers of Node; a union takes two, its type first. */
export const nodeField = {
  flag: 0,
  big: 3,
  text: 6,
  bytes: 7,
  longs: 8,
  words: 10,
  anyType: 12,
  any: 13,
  manyType: 14,
  many: 15,
  child: 16,
  children: 17,
} as const;
export const nodeFieldCount = 20;

/** A Node with every field set, in flatc's JSON. */
export const fullNode = {
  flag: true,
  colour: 'Green',
  small: -2,
  big: 12_345_678_901,
  real: 1.5,
  point: { x: 1, y: 2 },
  text: 'text',
  bytes: [1, 2, 3],
  longs: [4, 5],
  points: [
    { x: 3, y: 4 },
    { x: 5, y: 6 },
  ],
  words: ['one', '', 'three'],
  leaves: [{ name: 'leaf' }, {}],
  any_type: 'Point',
  any: { x: 7, y: 8 },
  many_type: ['Leaf', 'Text', 'Point', 'Other'],
  many: [{ name: 'a' }, 'hello', { x: 9, y: 10 }, { value: 11 }],
  child: { any_type: 'Text', any: 'inner', children: [{}, { text: 'x' }] },
  grid: { cells: [1, 2, 3] },
  maybe: 12,
};
