export function encodeJslb(
  value: unknown,
  isSlab?: (key: string) => boolean,
  rootFirst?: boolean,
): Buffer
