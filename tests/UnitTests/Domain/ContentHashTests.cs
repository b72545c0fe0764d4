using System.Text;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.UnitTests.Domain;

public class ContentHashTests
{
    /// <summary>SHA-256 of "abc": FIPS 180-2, appendix B.1.</summary>
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Text_and_bytes_hash_as_they_are()
    {
        Assert.Equal(Abc, ContentHash.OfText("abc"));
        Assert.Equal(Abc, ContentHash.Of("abc"u8));
        Assert.Equal(Abc, ContentHash.Of(Encoding.UTF8.GetBytes("abc")));
    }

    [Fact]
    public void A_value_hashes_as_its_one_line_json() =>
        Assert.Equal(ContentHash.OfText("""{"name":"spleen","version":"1"}"""), ContentHash.Of(new DatasetVersion("spleen", "1")));

    [Fact]
    public void Equal_content_is_one_identity_and_any_change_is_another()
    {
        var recipe = new TrainingRecipe();

        Assert.Equal(recipe.Hash, (recipe with { Patch = [96, 96, 96], Name = "renamed" }).Hash);
        Assert.NotEqual(recipe.Hash, (recipe with { EmaDecay = 0.98 }).Hash);
    }

    [Fact]
    public void Twelve_digits_name_it() => Assert.Equal("ba7816bf8f01", ContentHash.Abbreviate(Abc));
}
