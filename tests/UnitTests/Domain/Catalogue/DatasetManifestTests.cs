using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;

namespace VerSemi.UnitTests.Domain.Catalogue;

public class DatasetManifestTests
{
    private static readonly DatasetManifest Manifest = new()
    {
        Name = "spleen",
        Modality = "CT",
        Labels = [new LabelDeclaration(1, "spleen/spleen", "Spleen")],
        Splits = SplitAssignment.Assign(null, Enumerable.Range(0, 20).Select(i => $"Zoë {i}").ToList(), []),
        Cases =
        [
            new CaseEntry("a", "a", Split.Training, "11", "22", [4, 5, 6], [1, 1.25, 0.1]),
            new CaseEntry("b", "b", null, "33", null, [4, 5, 6], [1, 1, 1]),
        ],
    };

    [Fact]
    public void The_version_is_the_content_and_survives_json()
    {
        var read = JsonSerializer.Deserialize<DatasetManifest>(JsonSerializer.Serialize(Manifest, DomainJson.Readable), DomainJson.Readable)!;

        Assert.Equal(Manifest.Version, read.Version);
        Assert.Matches("^[0-9a-f]{12}$", read.Version);
        Assert.NotEqual(Manifest.Version, (Manifest with { Cases = [Manifest.Cases[0]] }).Version);
    }

    [Fact]
    public void A_case_without_a_label_is_unlabelled_and_in_no_split()
    {
        Assert.Equal(["b"], Manifest.Unlabelled.Select(entry => entry.Id));
        Assert.Equal(["a"], Manifest.In(Split.Training).Select(entry => entry.Id));
        Assert.Empty(Manifest.In(Split.Test));
    }
}
