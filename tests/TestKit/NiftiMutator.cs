using System.Buffers.Binary;
using System.IO.Compression;

namespace VerSemi.TestKit;

/// <summary>Damages NIfTI-1 files at random, as transfers, programs and people do; the same seed damages the same way.</summary>
public sealed class NiftiMutator(int seed)
{
    private static readonly double[] Extremes =
        [0, -0.0, 1, -1, 0.5, 2, 255, 256, 32767, 32768, -32768, 65536, 1e-30, 1e30, 1e300, -1e300, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    /// <summary>Offset, width and count of header fields (nifti1.h), real numbers where the width is negative.</summary>
    private static readonly (int Offset, int Width, int Count)[] Fields =
        [(0, 4, 1), (40, 2, 8), (68, 2, 1), (70, 2, 2), (76, -4, 8), (108, -4, 3), (123, 1, 1), (252, 2, 2), (256, -4, 6), (280, -4, 12), (344, 1, 4), (348, 1, 4)];

    private readonly Random _random = new(seed);

    /// <summary>One to three damages.</summary>
    /// <param name="file">An uncompressed NIfTI-1 file.</param>
    /// <returns>The file, most often compressed.</returns>
    public byte[] Mutate(byte[] file)
    {
        var bytes = file.ToArray();
        for (var i = _random.Next(1, 4); i > 0; i--)
            bytes = Damage(bytes);
        if (_random.Next(6) == 0)
            return bytes;
        bytes = Gzip(bytes);
        return _random.Next(4) == 0 ? DamageGzip(bytes) : bytes;
    }

    private byte[] Damage(byte[] bytes) => _random.Next(10) switch
    {
        0 or 1 or 2 => SetField(bytes),
        3 => Flip(bytes, 0, Math.Min(352, bytes.Length)),
        4 => Flip(bytes, Math.Min(352, bytes.Length), bytes.Length),
        5 => bytes[.._random.Next(bytes.Length + 1)],
        6 => [.. bytes, .. Noise(_random.Next(1, 400))],
        7 => FillVoxels(bytes),
        8 => SwapHeader(bytes),
        _ => Overwrite(bytes),
    };

    private byte[] SetField(byte[] content)
    {
        var (offset, width, count) = Fields[_random.Next(Fields.Length)];
        var at = offset + _random.Next(count) * Math.Abs(width);
        if (at + Math.Abs(width) > content.Length)
            return content;
        var value = Extremes[_random.Next(Extremes.Length)];
        if (_random.Next(3) == 0)
            _random.NextBytes(content.AsSpan(at, Math.Abs(width)));
        else if (width == -4)
            BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(at), (float)value);
        else if (width == 4)
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at), int.CreateSaturating(value));
        else if (width == 2)
            BinaryPrimitives.WriteInt16LittleEndian(content.AsSpan(at), short.CreateSaturating(value));
        else
            content[at] = byte.CreateSaturating(value);
        return content;
    }

    private byte[] Flip(byte[] content, int from, int to)
    {
        for (var i = _random.Next(1, 5); i > 0 && from < to; i--)
            content[_random.Next(from, to)] ^= (byte)(1 << _random.Next(8));
        return content;
    }

    /// <summary>One value, or noise, in a part of the voxels: as floating-point numbers often not finite.</summary>
    private byte[] FillVoxels(byte[] content)
    {
        if (content.Length <= 352)
            return content;
        var from = _random.Next(352, content.Length);
        var part = content.AsSpan(_random.Next(2) == 0 ? 352 : from);
        if (_random.Next(2) == 0)
            _random.NextBytes(part);
        else
            for (var i = 0; i + 4 <= part.Length; i += 4)
                BinaryPrimitives.WriteSingleLittleEndian(part[i..], part.Length % 3 == 0 ? float.NaN : part.Length % 3 == 1 ? float.PositiveInfinity : -32768);
        return content;
    }

    private static byte[] SwapHeader(byte[] content)
    {
        foreach (var (offset, width, count) in Fields)
            for (var i = 0; i < count && offset + (i + 1) * Math.Abs(width) <= content.Length; i++)
                content.AsSpan(offset + i * Math.Abs(width), Math.Abs(width)).Reverse();
        return content;
    }

    private byte[] Overwrite(byte[] content)
    {
        var from = _random.Next(content.Length + 1);
        _random.NextBytes(content.AsSpan(from, Math.Min(_random.Next(1, 200), content.Length - from)));
        return content;
    }

    private byte[] DamageGzip(byte[] bytes) => _random.Next(4) switch
    {
        0 => bytes[.._random.Next(bytes.Length)],
        1 => Flip(bytes, 0, bytes.Length),
        2 => [.. bytes, .. Noise(_random.Next(1, 100))],
        _ => [.. bytes, .. bytes],
    };

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        if (_random.Next(2) == 0)
            _random.NextBytes(noise);
        return noise;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
