/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sizes are read and held against the limit before a picture's pixels are. Transparent pixels count as white. */
#include "read/image.h"

#include <gif_lib.h>
#include <stdio.h>
#include <jpeglib.h>
#include <png.h>
#include <setjmp.h>
#include <webp/decode.h>

#include "base/check.h"
#include "base/err.h"

enum {
	SIDE_MAX_PIXELS = 32 * 1024,
	JPEG_WORTH_PIXELS = 4 * 1000 * 1000,
	JPEG_MEMORY_MAX_BYTES = 200 * 1024 * 1024,
	JPEG_SCANS_MAX = 64
};

void image_done(struct image *image)
{
	free(image->grey);
	image->grey = NULL;
}

static bool is_png(struct str s)
{
	return str_starts_with(s, STR("\x89PNG\r\n\x1a\n"));
}

static bool is_jpeg(struct str s)
{
	return str_starts_with(s, STR("\xFF\xD8\xFF"));
}

static bool is_gif(struct str s)
{
	return str_starts_with(s, STR("GIF87a")) || str_starts_with(s, STR("GIF89a"));
}

static bool is_webp(struct str s)
{
	return s.n > 12 && str_starts_with(s, STR("RIFF")) && str_eq(str_slice(s, 8, 12), STR("WEBP"));
}

bool image_is_image(struct str s)
{
	return is_png(s) || is_jpeg(s) || is_gif(s) || is_webp(s);
}

static int allocate(uint64_t width, uint64_t height, uint64_t pixels_max, struct image *ret)
{
	if (width == 0 || height == 0)
		return ERR_INVALID;
	if (width > SIDE_MAX_PIXELS || height > SIDE_MAX_PIXELS || width * height > pixels_max)
		return ERR_TOO_LARGE;
	*ret = (struct image){malloc(width * height), (uint32_t) width, (uint32_t) height};
	CHECK(ret->grey);
	memset(ret->grey, 0xFF, width * height);
	return 0;
}

static int decode_png(struct str s, uint64_t pixels_max, struct image *ret)
{
	png_image png = {.version = PNG_IMAGE_VERSION};
	const png_color white = {255, 255, 255};
	if (!png_image_begin_read_from_memory(&png, s.p, s.n))
		return ERR_INVALID;
	int r = allocate(png.width, png.height, pixels_max, ret);
	if (r >= 0) {
		png.format = PNG_FORMAT_GRAY;
		r = png_image_finish_read(&png, &white, ret->grey, (png_int_32) ret->width, NULL) ? 0 : ERR_INVALID;
	}
	png_image_free(&png);
	return r;
}

struct jpeg_failure {
	struct jpeg_error_mgr base;
	jmp_buf jump;
};

static _Noreturn void fail_jpeg(j_common_ptr common)
{
	longjmp(((struct jpeg_failure *) common->err)->jump, 1);
}

static void say_nothing(j_common_ptr common, int level)
{
}

/* A progressive picture may claim to refine itself without end. */
static void watch_jpeg(j_common_ptr common)
{
	if (common->is_decompressor && ((j_decompress_ptr) common)->input_scan_number > JPEG_SCANS_MAX)
		fail_jpeg(common);
}

static int read_jpeg(struct jpeg_decompress_struct *jpeg, struct str s, uint64_t pixels_max, struct image *ret)
{
	jpeg_mem_src(jpeg, (const unsigned char *) s.p, s.n);
	jpeg_read_header(jpeg, TRUE);
	uint64_t pixels = (uint64_t) jpeg->image_width * jpeg->image_height;
	if (pixels > pixels_max)
		return ERR_TOO_LARGE;
	jpeg->out_color_space = JCS_GRAYSCALE;
	jpeg->mem->max_memory_to_use = JPEG_MEMORY_MAX_BYTES;
	/* A photograph of a code has pixels to spare, and the decoder halves it almost for free. */
	for (jpeg->scale_denom = 1;
	     pixels / (jpeg->scale_denom * jpeg->scale_denom) > JPEG_WORTH_PIXELS && jpeg->scale_denom < 8;)
		jpeg->scale_denom *= 2;
	jpeg->scale_num = 1;
	jpeg_start_decompress(jpeg);
	int r = jpeg->output_components == 1 ? allocate(jpeg->output_width, jpeg->output_height, pixels_max, ret)
	                                     : ERR_UNSUPPORTED;
	while (r >= 0 && jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row = ret->grey + (size_t) jpeg->output_scanline * ret->width;
		if (jpeg_read_scanlines(jpeg, &row, 1) != 1)
			break;
	}
	return r;
}

static int decode_jpeg(struct str s, uint64_t pixels_max, struct image *ret)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_failure failure;
	struct jpeg_progress_mgr progress = {.progress_monitor = watch_jpeg};
	int r;
	jpeg.err = jpeg_std_error(&failure.base);
	failure.base.error_exit = fail_jpeg;
	failure.base.emit_message = say_nothing;
	if (setjmp(failure.jump)) {
		/* What was decoded before the damage may hold the code. */
		jpeg_destroy_decompress(&jpeg);
		return ret->grey ? 0 : ERR_INVALID;
	}
	jpeg_create_decompress(&jpeg);
	jpeg.progress = &progress;
	r = read_jpeg(&jpeg, s, pixels_max, ret);
	jpeg_destroy_decompress(&jpeg);
	return r;
}

static int decode_webp(struct str s, uint64_t pixels_max, struct image *ret)
{
	int width = 0, height = 0;
	const uint8_t *p = (const uint8_t *) s.p;
	if (!WebPGetInfo(p, s.n, &width, &height))
		return ERR_INVALID;
	/* Four bytes a pixel while it is decoded. */
	int r = allocate((uint64_t) width, (uint64_t) height, pixels_max / 2, ret);
	if (r < 0)
		return r;
	uint8_t *rgba = WebPDecodeRGBA(p, s.n, &width, &height);
	if (!rgba)
		return ERR_INVALID;
	for (size_t i = 0; i < (size_t) width * (size_t) height; i++) {
		const uint8_t *c = rgba + i * 4;
		unsigned grey = (c[0] * 77U + c[1] * 150U + c[2] * 29U) >> 8;
		ret->grey[i] = (uint8_t) ((grey * c[3] + 255U * (255U - c[3])) / 255U);
	}
	WebPFree(rgba);
	return 0;
}

static int feed_gif(GifFileType *gif, GifByteType *to, int n)
{
	struct str *rest = gif->UserData;
	size_t count = (size_t) n < rest->n ? (size_t) n : rest->n;
	memcpy(to, rest->p, count);
	*rest = str_slice(*rest, count, rest->n);
	return (int) count;
}

static void put_gif_row(const GifFileType *gif, const ColorMapObject *colors, int transparent, const GifPixelType *row,
                        uint32_t y, struct image *ret)
{
	for (int x = 0; x < gif->Image.Width && (uint32_t) (gif->Image.Left + x) < ret->width; x++) {
		if (row[x] >= colors->ColorCount || row[x] == transparent)
			continue;
		const GifColorType *c = &colors->Colors[row[x]];
		ret->grey[(size_t) y * ret->width + (size_t) (gif->Image.Left + x)] =
		        (uint8_t) ((c->Red * 77U + c->Green * 150U + c->Blue * 29U) >> 8);
	}
}

static int read_gif_rows(GifFileType *gif, int transparent, struct image *ret)
{
	static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
	const ColorMapObject *colors = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
	GifPixelType *row = colors && gif->Image.Width > 0 && gif->Image.Width <= SIDE_MAX_PIXELS &&
	                                    gif->Image.Left >= 0 && gif->Image.Top >= 0
	                            ? malloc((size_t) gif->Image.Width)
	                            : NULL;
	if (!row)
		return ERR_INVALID;
	int passes = gif->Image.Interlace ? 4 : 1, r = 0;
	for (int pass = 0; pass < passes && r >= 0; pass++) {
		int step = gif->Image.Interlace ? steps[pass] : 1;
		for (int y = gif->Image.Interlace ? starts[pass] : 0; y < gif->Image.Height && r >= 0; y += step) {
			if (DGifGetLine(gif, row, gif->Image.Width) == GIF_ERROR)
				r = ERR_INVALID;
			else if ((uint32_t) (gif->Image.Top + y) < ret->height)
				put_gif_row(gif, colors, transparent, row, (uint32_t) (gif->Image.Top + y), ret);
		}
	}
	free(row);
	return r;
}

/* Passes over extensions to the first picture; *ret_transparent is its transparent colour or -1. */
static int find_gif_picture(GifFileType *gif, int *ret_transparent)
{
	GifRecordType type;
	*ret_transparent = -1;
	while (DGifGetRecordType(gif, &type) != GIF_ERROR && type != TERMINATE_RECORD_TYPE) {
		GifByteType *block;
		int code;
		if (type == IMAGE_DESC_RECORD_TYPE)
			return DGifGetImageDesc(gif) == GIF_ERROR ? ERR_INVALID : 0;
		if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &block) == GIF_ERROR)
			return ERR_INVALID;
		if (code == GRAPHICS_EXT_FUNC_CODE && block && block[0] >= 4 && (block[1] & 1))
			*ret_transparent = block[4];
		while (block)
			if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
				return ERR_INVALID;
	}
	return ERR_INVALID;
}

static int decode_gif(struct str s, uint64_t pixels_max, struct image *ret)
{
	int error = 0, transparent;
	struct str rest = s;
	GifFileType *gif = DGifOpen(&rest, feed_gif, &error);
	if (!gif)
		return ERR_INVALID;
	int r = find_gif_picture(gif, &transparent);
	if (r >= 0)
		r = allocate((uint64_t) gif->SWidth, (uint64_t) gif->SHeight, pixels_max, ret);
	if (r >= 0)
		r = read_gif_rows(gif, transparent, ret);
	DGifCloseFile(gif, &error);
	return r;
}

int image_decode(struct str s, uint64_t pixels_max, struct image *ret)
{
	struct image image = {0};
	int r = ERR_UNSUPPORTED;
	if (is_png(s))
		r = decode_png(s, pixels_max, &image);
	else if (is_jpeg(s))
		r = decode_jpeg(s, pixels_max, &image);
	else if (is_gif(s))
		r = decode_gif(s, pixels_max, &image);
	else if (is_webp(s))
		r = decode_webp(s, pixels_max, &image);
	if (r < 0)
		image_done(&image);
	else
		*ret = image;
	return r;
}
