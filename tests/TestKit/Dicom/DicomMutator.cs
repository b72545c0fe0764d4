namespace VerSemi.TestKit.Dicom;

/// <summary>Damages files at random: bits, lengths, parts that are missing, repeated or noise. The same seed damages the same way.</summary>
public sealed class DicomMutator(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>One to four damages.</summary>
    public byte[] Mutate(byte[] whole)
    {
        var bytes = whole.ToArray();
        for (var n = _random.Next(1, 5); n > 0; n--)
            bytes = Damage(bytes, _random.Next(bytes.Length));
        return bytes;
    }

    private byte[] Damage(byte[] bytes, int at)
    {
        switch (_random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(_random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                return bytes;
            case 2:
                _random.NextBytes(bytes.AsSpan(at, Math.Min(_random.Next(1, 64), bytes.Length - at)));
                return bytes;
            case 3: return [.. bytes[..at], .. bytes[_random.Next(at, bytes.Length)..]];
            case 4: return bytes[..Math.Max(1, at)];
            default: return [.. bytes[..at], .. bytes[_random.Next(bytes.Length)..]];
        }
    }
}
