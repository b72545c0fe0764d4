using System.Text.Json;
using System.Text.Json.Nodes;
using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.TestKit.Reference;

namespace VerSemi.UnitTests.Domain.Models;

public sealed class ManifestErrorsTests
{
    private static readonly ModelManifest Sound = PlainWeights.Describe([], LabelSpace.Empty.Grow([("liver/liver", "liver", "CT")])) with { Lineage = new ModelLineage("main-0123", 1, "main/3", ["liver/0f3a"], 1) };

    [Fact]
    public void A_sound_description_has_none() => Assert.Empty(ManifestErrors.Of(Sound));

    [Theory]
    [InlineData("lineage", "run", "\"../../../x\"", "lineage.run is '../../../x'")]
    [InlineData("lineage", "run", "\"a\\nb\"", "lineage.run")]
    [InlineData("lineage", "run", "null", "null")]
    [InlineData("lineage", "parent", "\"main/../../x\"", "lineage.parent")]
    [InlineData("lineage", "datasets", "[\"../x\"]", "lineage.datasets has '../x'")]
    [InlineData("lineage", "datasets", "[null]", "lineage.datasets has 'null'")]
    [InlineData("labelSpace", "tasks", "[]", "labelSpace has 0 tasks")]
    [InlineData("labelSpace", "tasks", "[null]", "labelSpace.tasks[0]")]
    [InlineData("labelSpace", "tasks", "null", "null")]
    [InlineData("labelSpace", "tasks", "[{\"id\":\"../x\",\"name\":\"x\",\"modality\":\"CT\",\"column\":0}]", "labelSpace.tasks[0] is '../x'")]
    [InlineData("labelSpace", "tasks", "[{\"id\":\"a/b\",\"name\":\"x\",\"modality\":\"CT\",\"column\":7}]", "in column 7")]
    [InlineData("recipe", "width", "1000000", "width is 1000000")]
    [InlineData("recipe", "patch", "null", "null")]
    [InlineData("recipe", "flipAxes", "null", "null")]
    public void Each_fault_is_named_with_its_value(string record, string member, string value, string words)
    {
        var json = JsonSerializer.SerializeToNode(Sound, DomainJson.Readable)!;
        json[record]![member] = JsonNode.Parse(value);
        Assert.Contains(ManifestErrors.Of(json.Deserialize<ModelManifest>(DomainJson.Readable)!), error => error.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1000)]
    public void A_temperature_that_nothing_is_divided_by_is_a_fault(double temperature) => Assert.Contains(
        ManifestErrors.Of(Sound with { Temperatures = new Dictionary<string, TaskTemperatures> { ["liver/liver"] = new(1, temperature) } }), error => error.Contains("temperatures gives 'liver/liver'", StringComparison.Ordinal));

    [Fact]
    public void A_spacing_that_no_image_has_is_a_fault() =>
        Assert.NotEmpty(ManifestErrors.Of(Sound with { Preprocessing = [Sound.Preprocessing[0] with { Spacing = [0, 1, double.NaN] }] }));
}
