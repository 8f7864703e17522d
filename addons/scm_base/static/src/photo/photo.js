const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

/**
 * A photo made small enough to be sent over a phone's line.
 *
 * @param {File} file
 * @returns {Promise<{name: string, url: string, data: string}>} url for showing it, data in base64
 */
export async function readPhoto(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const url = canvas.toDataURL("image/jpeg", QUALITY);
    return { name: file.name, url, data: url.split(",")[1] };
}
