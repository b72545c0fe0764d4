using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;

namespace VerSemi.UnitTests.Domain.Labels;

public class AnnotationMatrixTests
{
    private static readonly LabelSpace Space = LabelSpace.Empty.Grow([("a/organ", "Organ", "CT"), ("a/tumour", "Tumour", "CT"), ("b/organ", "Organ", "CT")]);
    private static readonly DatasetManifest[] Datasets =
    [
        Dataset("a", new LabelDeclaration(2, "a/tumour", "Tumour"), new LabelDeclaration(1, "a/organ", "Organ")),
        Dataset("b", new LabelDeclaration(7, "b/organ", "Organ")),
    ];

    [Fact]
    public void A_dataset_annotates_what_it_declares_and_nothing_else()
    {
        var matrix = new AnnotationMatrix(Space, Datasets);

        Assert.True(matrix.Annotates("a", "a/tumour"));
        Assert.False(matrix.Annotates("b", "a/tumour"));
        Assert.Equal(["a/organ", "a/tumour"], matrix.TasksOf("a").Order());
        Assert.Equal([7], matrix.ValuesOf("b", "b/organ"));
        Assert.Empty(matrix.ValuesOf("a", "b/organ"));
    }

    [Fact]
    public void A_merge_makes_two_datasets_annotate_one_task()
    {
        var matrix = new AnnotationMatrix(Space.Merge("b/organ", "a/organ"), Datasets);

        Assert.Equal(["a/organ"], matrix.TasksOf("b"));
        Assert.Equal([7], matrix.ValuesOf("b", "a/organ"));
        Assert.Equal([7], matrix.ValuesOf("b", "b/organ"));
    }

    [Fact]
    public void Labels_of_one_dataset_that_were_merged_are_both_foreground() =>
        Assert.Equal([1, 2], new AnnotationMatrix(Space.Merge("a/tumour", "a/organ"), Datasets).ValuesOf("a", "a/organ"));

    [Fact]
    public void Unknown_datasets_and_tasks_are_named()
    {
        var matrix = new AnnotationMatrix(Space, Datasets);

        Assert.Contains("'c'", Assert.Throws<DomainException>(() => matrix.TasksOf("c")).Message, StringComparison.Ordinal);
        Assert.Contains("'liver'", Assert.Throws<DomainException>(() => matrix.Annotates("a", "liver")).Message, StringComparison.Ordinal);
    }

    private static DatasetManifest Dataset(string name, params LabelDeclaration[] labels) => new()
    {
        Name = name,
        Modality = "CT",
        Labels = labels,
        Splits = new SplitRule(null, null, new Dictionary<string, Split>()),
        Cases = [],
    };
}
