using System.Buffers.Binary;

namespace VerSemi.TestKit.Dicom;

/// <summary>Compressed pixel data as simply as the standard allows.</summary>
public static class PixelEncoders
{
    public static byte[] Little(ReadOnlySpan<short> pixels)
    {
        var bytes = new byte[2 * pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), pixels[i]);
        return bytes;
    }

    public static byte[] Big(ReadOnlySpan<short> pixels)
    {
        var bytes = new byte[2 * pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2 * i), pixels[i]);
        return bytes;
    }

    /// <summary>PS3.5 annex G: two segments, high bytes first, in runs and literals.</summary>
    public static byte[] Rle(ReadOnlySpan<short> pixels)
    {
        var big = Big(pixels);
        var high = PackBits([.. Enumerable.Range(0, pixels.Length).Select(i => big[2 * i])]);
        var low = PackBits([.. Enumerable.Range(0, pixels.Length).Select(i => big[2 * i + 1])]);
        var header = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(header, 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 64);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), 64 + high.Length);
        return [.. header, .. high, .. low];
    }

    /// <summary>ISO 10918-1 annex H: 16 bits, prediction from the left, a code of 5 bits for each of the 17 categories.</summary>
    public static byte[] JpegLossless(ReadOnlySpan<short> pixels, int columns, int selection = 1)
    {
        var rows = pixels.Length / columns;
        var counts = new byte[16];
        counts[4] = 17;
        byte[] head =
        [
            0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 16, (byte)(rows >> 8), (byte)rows, (byte)(columns >> 8), (byte)columns, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 36, 0, .. counts, .. Enumerable.Range(0, 17).Select(i => (byte)i), 0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)selection, 0, 0,
        ];
        var bits = new JpegBitWriter();
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % columns, i / columns);
            var (left, above) = (x > 0 ? (ushort)pixels[i - 1] : 0, y > 0 ? (ushort)pixels[i - columns] : 0);
            var diagonal = x > 0 && y > 0 ? (ushort)pixels[i - columns - 1] : 0;
            var prediction = y == 0 ? x == 0 ? 1 << 15 : left : x == 0 ? above : Predict(selection, left, above, diagonal);
            bits.Difference((short)((ushort)pixels[i] - prediction));
        }
        return [.. head, .. bits.End(), 0xFF, 0xD9];
    }

    private static int Predict(int selection, int left, int above, int diagonal) => selection switch
    {
        1 => left,
        2 => above,
        3 => diagonal,
        4 => left + above - diagonal,
        5 => left + ((above - diagonal) >> 1),
        6 => above + ((left - diagonal) >> 1),
        _ => (left + above) >> 1,
    };

    private static byte[] PackBits(byte[] bytes)
    {
        var packed = new List<byte>();
        for (var i = 0; i < bytes.Length;)
        {
            var run = 1;
            while (run < 128 && i + run < bytes.Length && bytes[i + run] == bytes[i])
                run++;
            if (run > 1)
                packed.AddRange([(byte)(sbyte)(1 - run), bytes[i]]);
            else
                packed.AddRange([0, bytes[i]]);
            i += run;
        }
        if (packed.Count % 2 == 1)
            packed.Add(0x80);
        return [.. packed];
    }

    private sealed class JpegBitWriter
    {
        private readonly List<byte> _bytes = [];
        private int _buffer, _count;

        public void Difference(short difference)
        {
            if (difference == short.MinValue)
            {
                Put(16, 5);
                return;
            }
            var category = 0;
            while (Math.Abs((int)difference) >= 1 << category)
                category++;
            Put(category, 5);
            Put(difference < 0 ? difference - 1 & (1 << category) - 1 : difference, category);
        }

        public byte[] End()
        {
            while (_count % 8 != 0)
                Put(1, 1);
            return [.. _bytes];
        }

        private void Put(int value, int bits)
        {
            for (var i = bits - 1; i >= 0; i--)
            {
                _buffer = _buffer << 1 | value >> i & 1;
                if (++_count % 8 != 0)
                    continue;
                _bytes.Add((byte)_buffer);
                if ((byte)_buffer == 0xFF)
                    _bytes.Add(0);
                _buffer = 0;
            }
        }
    }
}
