/** Gives Node 24 what workerd has of base64 (`Uint8Array.fromBase64`, `toBase64`): journeys are signed with it. */
Object.assign(Uint8Array.prototype, {
  toBase64(this: Uint8Array) {
    return Buffer.from(this).toString('base64url');
  },
});
Object.assign(Uint8Array, { fromBase64: (text: string) => new Uint8Array(Buffer.from(text, 'base64url')) });
