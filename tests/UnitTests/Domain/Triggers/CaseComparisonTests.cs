using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Triggers;

namespace VerSemi.UnitTests.Domain.Triggers;

public class CaseComparisonTests
{
    private static readonly DatasetManifest Before = Manifest(Case("a", "a1"), Case("b", "b1"), Case("u", null));

    [Fact]
    public void A_new_dataset_is_new_as_a_whole() => Assert.Equal((2, 1), CaseComparison.Count(null, Before));

    [Fact]
    public void The_same_cases_are_no_change() => Assert.Equal((0, 0), CaseComparison.Count(Before, Before with { Title = "another title" }));

    [Fact]
    public void A_changed_label_counts_as_labelled() =>
        Assert.Equal((1, 0), CaseComparison.Count(Before, Manifest(Case("a", "a2"), Case("b", "b1"), Case("u", null))));

    [Fact]
    public void An_image_that_got_its_label_counts_as_labelled() =>
        Assert.Equal((1, 0), CaseComparison.Count(Before, Manifest(Case("a", "a1"), Case("b", "b1"), Case("u", "u1"))));

    [Fact]
    public void A_case_that_lost_its_label_counts_as_labelled() =>
        Assert.Equal((1, 0), CaseComparison.Count(Before, Manifest(Case("a", null), Case("b", "b1"), Case("u", null))));

    [Fact]
    public void What_is_gone_counts_where_it_was() =>
        Assert.Equal((1, 1), CaseComparison.Count(Before, Manifest(Case("a", "a1"))));

    private static CaseEntry Case(string id, string? label) => new(id, id, label is null ? null : Split.Training, $"image {id}", label, [1, 1, 1], [1, 1, 1]);

    private static DatasetManifest Manifest(params CaseEntry[] cases) =>
        new() { Name = "liver", Modality = "CT", Labels = [], Splits = new SplitRule(null, null, new Dictionary<string, Split>()), Cases = cases };
}
