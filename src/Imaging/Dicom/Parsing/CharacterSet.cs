using System.Text;

namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>
/// How texts are encoded: SpecificCharacterSet (PS3.3 section C.12.1.1.2). With code extensions (several values, PS3.5 section 6.1.2.5)
/// the escape sequences of the Japanese, Korean and Chinese sets are followed; what cannot be decoded becomes U+FFFD.
/// </summary>
internal sealed class CharacterSet
{
    private const int Latin1 = 28591;

    public static readonly CharacterSet Ascii = new(Latin1);

    private static readonly Dictionary<string, int> CodePages = new()
    {
        [""] = Latin1,
        ["ISO_IR 6"] = Latin1,
        ["ISO_IR 100"] = Latin1,
        ["ISO_IR 101"] = 28592,
        ["ISO_IR 109"] = 28593,
        ["ISO_IR 110"] = 28594,
        ["ISO_IR 144"] = 28595,
        ["ISO_IR 127"] = 28596,
        ["ISO_IR 126"] = 28597,
        ["ISO_IR 138"] = 28598,
        ["ISO_IR 148"] = 28599,
        ["ISO_IR 203"] = 28605,
        ["ISO_IR 166"] = 874,
        ["ISO_IR 13"] = 932,
        ["ISO_IR 192"] = 65001,
        ["GB18030"] = 54936,
        ["GBK"] = 936,
        ["ISO_IR 87"] = 50220,
        ["ISO_IR 159"] = 50220,
        ["ISO_IR 149"] = 51949,
        ["ISO_IR 58"] = 936,
    };

    private readonly Encoding _encoding;
    private readonly bool _escapes;

    static CharacterSet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private CharacterSet(int codePage, bool escapes = false) => (_encoding, _escapes) = (Encoding.GetEncoding(codePage), escapes);

    /// <param name="values">Of SpecificCharacterSet; ISO 2022 names mean the same sets with code extensions. An unknown set is taken for ISO 8859-1.</param>
    public static CharacterSet Of(IReadOnlyList<string> values)
    {
        var sets = values.Select(value => value.Replace("ISO 2022 IR", "ISO_IR", StringComparison.Ordinal)).ToList();
        var main = sets.FirstOrDefault(set => set is "ISO_IR 87" or "ISO_IR 159" or "ISO_IR 149" or "ISO_IR 58") ?? sets.FirstOrDefault() ?? "";
        return new CharacterSet(CodePages.GetValueOrDefault(main, Latin1), escapes: sets.Count > 1);
    }

    /// <summary>Only some representations hold text in the set (PS3.5 section 6.1.2.2); the others are ASCII.</summary>
    public string Decode(ReadOnlySpan<byte> bytes, string vr)
    {
        if (vr is not ("LO" or "LT" or "PN" or "SH" or "ST" or "UC" or "UT" or "UN"))
            return Encoding.Latin1.GetString(bytes);
        return _encoding.GetString(_escapes && _encoding.CodePage != 50220 ? WithoutEscapes(bytes) : bytes);
    }

    /// <summary>KS X 1001 and GB 2312 lie in the upper half once ESC $ ) C or ESC $ ) A designated them: without the escape sequence they are EUC.</summary>
    private static byte[] WithoutEscapes(ReadOnlySpan<byte> bytes)
    {
        var kept = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
            if (bytes[i] != 0x1B)
                kept.Add(bytes[i]);
            else
                i += bytes[(i + 1)..] is [(byte)'$', (byte)')' or (byte)'(', ..] ? 3 : 2;
        return [.. kept];
    }
}
