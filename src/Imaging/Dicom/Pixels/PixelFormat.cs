using System.Globalization;
using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>How stored values lie in pixel data: the Image Pixel module (PS3.3 section C.7.6.3) and PS3.5 section 8.</summary>
/// <param name="Signed">PixelRepresentation 1: two's complement in <paramref name="BitsStored"/> bits, whatever a compressed stream's own header says.</param>
internal sealed record PixelFormat(int Rows, int Columns, int Frames, int BitsAllocated, int BitsStored, int HighBit, bool Signed, string Photometric)
{
    /// <summary>Larger frames are no slices of a body: 8192 × 8192.</summary>
    private const int MostPixels = 1 << 26;

    public int Pixels => Rows * Columns;

    /// <exception cref="InvalidImageException">Colour, a size of 0, or bits that do not fit together.</exception>
    public static PixelFormat Of(DicomDataset data)
    {
        var samples = data.Whole(Tags.SamplesPerPixel) ?? 1;
        var photometric = data.Text(Tags.PhotometricInterpretation);
        if (samples != 1 || photometric is not ("MONOCHROME1" or "MONOCHROME2" or ""))
            throw new InvalidImageException(data.File, $"is a colour image ({samples} samples a pixel, {Shown(photometric)}): it is no slice of a volume. Leave it out.");
        var (rows, columns) = (data.RequiredWhole(Tags.Rows), data.RequiredWhole(Tags.Columns));
        if (rows < 1 || columns < 1 || (long)rows * columns > MostPixels)
            throw new InvalidImageException(data.File, $"has {rows} rows and {columns} columns; 1 to {MostPixels} pixels are possible. Export it again from its source.");
        var frames = data.Whole(Tags.NumberOfFrames) ?? 1;
        var allocated = data.RequiredWhole(Tags.BitsAllocated);
        var stored = data.Whole(Tags.BitsStored) ?? allocated;
        var high = data.Whole(Tags.HighBit) ?? stored - 1;
        if (frames < 1 || allocated is not (1 or 8 or 16 or 32) || stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
            throw new InvalidImageException(data.File, string.Create(CultureInfo.InvariantCulture,
                $"declares {frames} frame(s) of {allocated} bits a pixel, {stored} of them stored up to bit {high}; 1, 8, 16 or 32 bits that hold the stored ones are expected. Export it again from its source."));
        return new PixelFormat(rows, columns, frames, allocated, stored, high, data.Whole(Tags.PixelRepresentation) == 1, photometric);
    }

    /// <summary>The stored value among the allocated bits.</summary>
    public long Value(long raw)
    {
        var value = (raw >> (HighBit + 1 - BitsStored)) & ((1L << BitsStored) - 1);
        return Signed && value >> (BitsStored - 1) != 0 ? value - (1L << BitsStored) : value;
    }

    private static string Shown(string photometric) => photometric.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ' ') && photometric.Length <= 16 ? photometric : "unknown";
}
