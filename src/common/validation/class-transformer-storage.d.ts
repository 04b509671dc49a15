/** Where class-transformer keeps what its decorators were told. Its package types the file, but under another path. */
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
