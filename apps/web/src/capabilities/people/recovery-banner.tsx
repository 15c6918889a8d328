export function RecoveryBanner() {
  return null;
}
