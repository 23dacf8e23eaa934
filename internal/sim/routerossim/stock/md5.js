// hexMD5 is RFC 1321 over a string of bytes (characters 0 to 255).
function hexMD5(text) {
  var turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  var state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  var words = [], size = text.length, i, j;
  for (i = 0; i < size; i++) words[i >> 2] |= (text.charCodeAt(i) & 255) << (i % 4 * 8);
  words[size >> 2] |= 0x80 << (size % 4 * 8);
  var end = ((size + 8 >> 6) + 1) * 16;
  words[end - 2] = size * 8;
  for (j = 0; j < end; j += 16) {
    var a = state[0], b = state[1], c = state[2], d = state[3];
    for (i = 0; i < 64; i++) {
      var round = i >> 4, mix, at;
      if (round === 0) { mix = b & c | ~b & d; at = i; }
      else if (round === 1) { mix = d & b | ~d & c; at = (5 * i + 1) % 16; }
      else if (round === 2) { mix = b ^ c ^ d; at = (3 * i + 5) % 16; }
      else { mix = c ^ (b | ~d); at = 7 * i % 16; }
      var sum = a + mix + (words[j + at] | 0) + Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) | 0;
      var turn = turns[round][i % 4];
      a = d; d = c; c = b;
      b = b + (sum << turn | sum >>> 32 - turn) | 0;
    }
    state = [state[0] + a | 0, state[1] + b | 0, state[2] + c | 0, state[3] + d | 0];
  }
  var hex = "";
  for (i = 0; i < 16; i++) hex += ("0" + (state[i >> 2] >>> i % 4 * 8 & 255).toString(16)).slice(-2);
  return hex;
}
