using System.Buffers.Binary;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>JPEG lossless with Huffman coding, one component, every selection value (ISO 10918-1 annex H; PS3.5 section 8.2.1 uses process 14).</summary>
internal sealed class JpegLosslessDecoder
{
    private readonly JpegHuffmanTable?[] _tables = new JpegHuffmanTable?[4];
    private readonly string _file;
    private int _precision, _rows, _columns, _restart;

    private JpegLosslessDecoder(string file) => _file = file;

    public static long[] Decode(ReadOnlyMemory<byte> stream, PixelFormat format, string file)
    {
        var samples = new JpegLosslessDecoder(file).Run(stream.Span, format);
        var values = new long[samples.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Value(samples[i]);
        return values;
    }

    /// <summary>Segments up to the scan, then the scan.</summary>
    private ushort[] Run(ReadOnlySpan<byte> bytes, PixelFormat format)
    {
        if (bytes is not [0xFF, 0xD8, ..])
            throw Fault("it does not begin with a start of image");
        for (var at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF)
                throw Fault($"byte {at} is no marker");
            var (marker, length) = (bytes[at + 1], BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (length < 2 || at + 2 + length > bytes.Length)
                throw Fault($"the segment at byte {at} goes past its end");
            var segment = bytes.Slice(at + 4, length - 2);
            at += 2 + length;
            if (marker == 0xDA)
                return Scan(bytes, at, segment, format);
            Read(marker, segment, format);
        }
        throw Fault("it ends before its scan");
    }

    private void Read(byte marker, ReadOnlySpan<byte> segment, PixelFormat format)
    {
        if (marker == 0xC3)
            ReadFrame(segment, format);
        else if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            throw Fault($"it is not the lossless process (marker FF{marker:X2})");
        else if (marker == 0xC4)
            ReadTables(segment);
        else if (marker == 0xDD && segment.Length >= 2)
            _restart = BinaryPrimitives.ReadUInt16BigEndian(segment);
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, PixelFormat format)
    {
        if (segment.Length < 9 || segment[5] != 1)
            throw Fault("it has not exactly one component");
        (_precision, _rows, _columns) = (segment[0], BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        if (_precision is < 2 or > 16 || _precision > format.BitsAllocated || _rows != format.Rows || _columns != format.Columns)
            throw Fault($"it has {_columns} × {_rows} pixels of {_precision} bits, the file says {format.Columns} × {format.Rows} of {format.BitsStored}");
    }

    private void ReadTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            var count = 0;
            foreach (var one in segment[1..17])
                count += one;
            if (segment.Length < 17 + count || (segment[0] & 0xF) > 3)
                throw Fault("a Huffman table goes past its segment");
            _tables[segment[0] & 0xF] = JpegHuffmanTable.Of(segment[1..17], segment[17..(17 + count)]) ?? throw Fault("a Huffman table is no code");
            segment = segment[(17 + count)..];
        }
    }

    private ushort[] Scan(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> header, PixelFormat format)
    {
        if (_rows == 0 || header.Length < 6 || header[0] != 1 || _tables[(header[2] >> 4) & 3] is not { } table)
            throw Fault("its scan has no frame, no table or several components");
        var (selection, transform) = (header[3], header[5] & 0xF);
        if (selection is < 1 or > 7 || transform >= _precision || (_restart > 0 && _restart % _columns != 0))
            throw Fault($"its scan has the selection value {selection}, the point transform {transform} and restarts after {_restart} pixels");
        // Every pixel has at least one bit.
        if (format.Pixels > (bytes.Length - at) * 8L)
            throw Fault($"{bytes.Length - at} bytes cannot hold {_columns} × {_rows} pixels");
        return Samples(new JpegBits(bytes, at), table, selection, transform);
    }

    private ushort[] Samples(JpegBits bits, JpegHuffmanTable table, int selection, int transform)
    {
        var samples = new ushort[_rows * _columns];
        var first = 0;
        for (var y = 0; y < _rows; y++)
        {
            if (y > 0 && _restart > 0 && y * _columns % _restart == 0)
                first = bits.Restart() ? y : throw Fault($"the restart marker before row {y} is missing");
            var row = samples.AsSpan(y * _columns, _columns);
            var above = y > first ? samples.AsSpan((y - 1) * _columns, _columns) : [];
            for (var x = 0; x < row.Length; x++)
            {
                var prediction = above.Length == 0 ? x == 0 ? 1 << (_precision - transform - 1) : row[x - 1] : x == 0 ? above[0] : Predict(selection, row[x - 1], above[x], above[x - 1]);
                row[x] = (ushort)(prediction + Difference(ref bits, table));
            }
            if (bits.IsPastEnd)
                throw Fault($"it ends in row {y}");
        }
        for (var i = 0; transform > 0 && i < samples.Length; i++)
            samples[i] <<= transform;
        return samples;
    }

    /// <summary>Table H.1: from the pixel before, the one above, and the one before that.</summary>
    private static int Predict(int selection, int before, int above, int diagonal) => selection switch
    {
        1 => before,
        2 => above,
        3 => diagonal,
        4 => before + above - diagonal,
        5 => before + ((above - diagonal) >> 1),
        6 => above + ((before - diagonal) >> 1),
        _ => (before + above) >> 1,
    };

    /// <summary>Modulo 65536 (section H.1.2.2).</summary>
    private int Difference(ref JpegBits bits, JpegHuffmanTable table)
    {
        var (length, category) = table.Find(bits.Peek(16));
        if (length == 0 || category > 16)
            throw Fault("it holds bits that are no code");
        bits.Skip(length);
        if (category is 0 or 16)
            return category == 0 ? 0 : 32768;
        var value = bits.Take(category);
        return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
    }

    private InvalidImageException Fault(string what) => new(_file, $"its JPEG lossless stream is damaged: {what}. Copy the file again from its source.");
}
