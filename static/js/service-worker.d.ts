/** Put in by build.mjs. */
declare const BUILD_MANIFEST: {version: string; shell: string; needed: string[]; extra: string[]};
