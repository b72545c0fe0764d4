namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>Bits of a JPEG scan, from the highest on; 0xFF is followed by a stuffed 0 or is a marker, which ends them (ISO 10918-1 section F.1.2.3).</summary>
internal ref struct JpegBits(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private uint _buffer;
    private int _count, _missing;

    public int Position { get; private set; } = position;

    /// <summary>More was read than there is.</summary>
    public readonly bool IsPastEnd => _missing * 8 > _count;

    /// <summary>Behind the end they are 0.</summary>
    public int Peek(int bits)
    {
        while (_count < bits)
        {
            _buffer = (_buffer << 8) | Next();
            _count += 8;
        }
        return (int)((_buffer >> (_count - bits)) & ((1u << bits) - 1));
    }

    public void Skip(int bits) => _count -= bits;

    public int Take(int bits)
    {
        var value = Peek(bits);
        Skip(bits);
        return value;
    }

    /// <summary>Behind a restart marker (RST0 to RST7); false where there is none.</summary>
    public bool Restart()
    {
        (_buffer, _count, _missing) = (0, 0, 0);
        if (Position + 1 >= _bytes.Length || _bytes[Position] != 0xFF || _bytes[Position + 1] is < 0xD0 or > 0xD7)
            return false;
        Position += 2;
        return true;
    }

    private uint Next()
    {
        if (Position >= _bytes.Length || (_bytes[Position] == 0xFF && (Position + 1 >= _bytes.Length || _bytes[Position + 1] != 0)))
        {
            _missing++;
            return 0;
        }
        var value = _bytes[Position];
        Position += value == 0xFF ? 2 : 1;
        return value;
    }
}
