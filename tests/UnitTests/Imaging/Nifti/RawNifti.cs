using System.Buffers.Binary;
using System.IO.Compression;

namespace VerSemi.UnitTests.Imaging.Nifti;

/// <summary>
/// Writes a NIfTI file field by field after nifti1.h and nifti2.h, with nothing of the product's writer, in either byte
/// order: what a reader is to be tested on. Every field can be wrong.
/// </summary>
internal sealed record RawNifti
{
    public int Version { get; init; } = 1;
    public bool BigEndian { get; init; }
    public long[] Dim { get; init; } = [3, 2, 3, 4, 1, 1, 1, 1];
    public int DataType { get; init; } = 4;
    public double[] PixDim { get; init; } = [1, 1, 1, 1, 1, 1, 1, 1];
    public double? DataOffset { get; init; }
    public double Slope { get; init; }
    public double Intercept { get; init; }
    public int Units { get; init; } = 2;
    public int QFormCode { get; init; }
    public int SFormCode { get; init; }
    public double[] Quaternion { get; init; } = [0, 0, 0];
    public double[] QOffset { get; init; } = [0, 0, 0];
    public double[] SRows { get; init; } = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    public string Description { get; init; } = "";
    public byte[]? Magic { get; init; }
    public byte[] Extension { get; init; } = [];
    public double[] Voxels { get; init; } = [.. Enumerable.Range(0, 24).Select(i => (double)i)];

    private int HeaderSize => Version == 1 ? 348 : 540;

    public byte[] Bytes()
    {
        var header = new byte[HeaderSize + 4 + Extension.Length];
        header[HeaderSize] = (byte)(Extension.Length > 0 ? 1 : 0);
        Extension.CopyTo(header, HeaderSize + 4);
        if (Version == 1)
            FillNifti1(header);
        else
            FillNifti2(header);
        return [.. header, .. Voxels.SelectMany(Encode)];
    }

    /// <summary>Gzip where the name ends in .gz.</summary>
    public string WriteTo(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, Bytes());
            return path;
        }
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Bytes());
        return path;
    }

    private void FillNifti1(byte[] h)
    {
        Put(h, 0, 4, 348);
        Put(h, 40, 2, Dim);
        Put(h, 70, 2, DataType);
        PutReal(h, 76, 4, PixDim);
        PutReal(h, 108, 4, DataOffset ?? h.Length, Slope, Intercept);
        h[123] = (byte)Units;
        System.Text.Encoding.ASCII.GetBytes(Description).CopyTo(h, 148);
        Put(h, 252, 2, QFormCode, SFormCode);
        PutReal(h, 256, 4, [.. Quaternion, .. QOffset, .. SRows]);
        (Magic ?? "n+1\0"u8.ToArray()).CopyTo(h, 344);
    }

    private void FillNifti2(byte[] h)
    {
        Put(h, 0, 4, 540);
        (Magic ?? "n+2\0\r\n\u001a\n"u8.ToArray()).CopyTo(h, 4);
        Put(h, 12, 2, DataType);
        Put(h, 16, 8, Dim);
        PutReal(h, 104, 8, PixDim);
        Put(h, 168, 8, (long)(DataOffset ?? h.Length));
        PutReal(h, 176, 8, Slope, Intercept);
        Put(h, 344, 4, QFormCode, SFormCode);
        PutReal(h, 352, 8, [.. Quaternion, .. QOffset, .. SRows]);
        Put(h, 500, 4, Units);
    }

    private byte[] Encode(double value) => DataType switch
    {
        2 => Ordered(1, (byte)value),
        256 => Ordered(1, (sbyte)value),
        4 => Ordered(2, (short)value),
        512 => Ordered(2, (ushort)value),
        8 => Ordered(4, (int)value),
        768 => Ordered(4, (uint)value),
        1024 => Ordered(8, (long)value),
        1280 => Ordered(8, unchecked((long)(ulong)value)),
        16 => Ordered(4, BitConverter.SingleToInt32Bits((float)value)),
        64 => Ordered(8, BitConverter.DoubleToInt64Bits(value)),
        _ => new byte[16],
    };

    private void Put(byte[] into, int at, int width, params ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
            Ordered(width, values[i]).CopyTo(into, at + i * width);
    }

    private void PutReal(byte[] into, int at, int width, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            Ordered(width, width == 4 ? BitConverter.SingleToInt32Bits((float)values[i]) : BitConverter.DoubleToInt64Bits(values[i])).CopyTo(into, at + i * width);
    }

    private byte[] Ordered(int width, long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes = bytes[..width];
        if (BigEndian)
            Array.Reverse(bytes);
        return bytes;
    }
}
