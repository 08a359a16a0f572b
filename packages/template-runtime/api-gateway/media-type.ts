/** The media type of a `Content-Type` without its parameters, in lower case; `application/json` where there is none. */
export function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return 'application/json';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}
