using VerSemi.Ingest.Reports;

namespace VerSemi.UnitTests.Ingest;

public sealed class StructureNamesTests
{
    [Theory]
    [InlineData("rib_left_1", "rib_left_2")]
    [InlineData("rib_left_1", "rib_left_12")]
    [InlineData("rib 1", "rib 11")]
    [InlineData("1st rib", "2nd rib")]
    [InlineData("first rib", "second rib")]
    [InlineData("segment IV", "segment VI")]
    [InlineData("vertebrae_L1", "vertebrae_T1")]
    [InlineData("vertebra C3", "vertebra C4")]
    [InlineData("Kidney_L", "Kidney_R")]
    [InlineData("kidneyLeft", "kidneyRight")]
    [InlineData("leftkidney", "rightkidney")]
    [InlineData("L kidney", "R kidney")]
    [InlineData("Niere links", "Niere rechts")]
    [InlineData("linke Niere", "rechte Niere")]
    [InlineData("lh-insula", "rh-insula")]
    [InlineData("rein gauche", "rein droit")]
    [InlineData("kidney", "left kidney")]
    [InlineData("rib", "rib 3")]
    [InlineData("lung", "lung upper lobe")]
    [InlineData("hippocampus", "anterior hippocampus")]
    [InlineData("segment A", "segment B")]
    [InlineData("left", "left kidney")]
    [InlineData("liver", "spleen")]
    public void Another_number_side_or_position_is_another_structure(string a, string b)
    {
        Assert.False(StructureNames.MayBeSame(a, b));
        Assert.False(StructureNames.MayBeSame(b, a));
    }

    [Theory]
    [InlineData("Liver", "liver")]
    [InlineData("liver", "liver tumour excluded")]
    [InlineData("tumor", "tumour")]
    [InlineData("kidney_left", "Left Kidney")]
    [InlineData("Kidney_L", "linke kidney")]
    [InlineData("kidneyLeft", "kidney left")]
    [InlineData("rib 01 left", "Rib_left_1")]
    [InlineData("segment IV", "segment 4")]
    [InlineData("vertebrae_L1", "vertebrae L1")]
    public void Other_order_spelling_and_language_of_the_side_is_no_difference(string a, string b)
    {
        Assert.True(StructureNames.MayBeSame(a, b));
        Assert.True(StructureNames.MayBeSame(b, a));
    }

    [Fact]
    public void No_two_of_twenty_four_ribs_are_alike()
    {
        string[] ribs = [.. from side in new[] { "left", "right" } from number in Enumerable.Range(1, 12) select $"rib_{side}_{number}"];
        Assert.Empty(from a in ribs from b in ribs where a != b && StructureNames.MayBeSame(a, b) select (a, b));
    }
}
