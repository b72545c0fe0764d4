namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>A Huffman table of JPEG (ISO 10918-1 annex C), looked up by the next 16 bits.</summary>
internal sealed class JpegHuffmanTable
{
    private readonly ushort[] _byBits = new ushort[1 << 16];

    private JpegHuffmanTable() { }

    /// <param name="counts">Codes of each length, 1 to 16.</param>
    /// <param name="symbols">In the order of their codes.</param>
    /// <returns>Null where the lengths make no code.</returns>
    public static JpegHuffmanTable? Of(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var (table, code, next) = (new JpegHuffmanTable(), 0, 0);
        for (var length = 1; length <= 16; length++, code <<= 1)
            for (var i = 0; i < counts[length - 1]; i++, code++)
            {
                if (code >= 1 << length)
                    return null;
                table._byBits.AsSpan(code << (16 - length), 1 << (16 - length)).Fill((ushort)((length << 8) | symbols[next++]));
            }
        return table;
    }

    /// <summary>Length of the code that the bits begin with, and its symbol; length 0 where there is none.</summary>
    public (int Length, int Symbol) Find(int sixteenBits) => (_byBits[sixteenBits] >> 8, _byBits[sixteenBits] & 0xFF);
}
