export { announceAddress, announcedAddress } from "./announce-address.ts";
export { DataHomeError, type DataHomeErrorCode, type LockHolder } from "./data-home-error.ts";
export { lockDataHome } from "./data-home-lock.ts";
export { type KernelLock, readLockHolder, takeKernelLock } from "./kernel-lock.ts";
export { type DataHome, isDataHome, prepareDataHome } from "./prepare.ts";
export { resolveDataHome } from "./resolve.ts";
