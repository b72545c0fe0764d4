using VerSemi.Domain;

namespace VerSemi.UnitTests.Domain;

public sealed class WordsTests
{
    [Theory]
    [InlineData("kidneyLeft_02", "kidney left 02")]
    [InlineData("Rib left 12", "rib left 12")]
    [InlineData("vertebrae_L1", "vertebrae l 1")]
    [InlineData("MRIScan", "mri scan")]
    [InlineData("T1w", "t 1 w")]
    [InlineData("  -- ", "")]
    [InlineData("größe-über", "größe über")]
    public void A_name_is_split_at_signs_capitals_and_digits(string text, string words) => Assert.Equal(words, string.Join(' ', Words.Of(text)));
}
