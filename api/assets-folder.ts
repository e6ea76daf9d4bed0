/** The files of the pages; found from `api` and from `dist`, where the built programs are. */
export const ASSETS_FOLDER = new URL('../api/pages/assets/', import.meta.url);
