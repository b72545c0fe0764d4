using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Reference;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>Weights that come and go over the API.</summary>
public sealed class ImportUploadTests : IDisposable
{
    private static readonly string Import = ContentHash.OfText("an import");

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("%2e%2e%2fmodels", "model.json", "cannot name an import")]
    [InlineData("main", "model.json", "cannot name an import")]
    [InlineData(null, "production.json", "is no file of an import")]
    [InlineData(null, "%2e%2e%2fmodel.json", "is no file of an import")]
    public async Task What_is_no_file_of_an_import_is_refused(string? import, string file, string words)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var answer = await PutAsync(platform, import ?? Import, file, [1]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data/imports"]));
    }

    [Fact]
    public async Task A_file_that_is_too_large_leaves_nothing()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Configure = options => options.ImportMostMiB = 1 });
        using var whole = await PutAsync(platform, Import, BlobLayout.WeightsFile, new byte[(1 << 20) + 1]);
        using var chunked = await PutAsync(platform, Import, BlobLayout.WeightsFile, new byte[(1 << 20) + 1], chunked: true);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge), (whole.StatusCode, chunked.StatusCode));
        Assert.Contains("Orchestrator:ImportMostMiB", await chunked.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder[$"data/imports/{Import}/weights.safetensors"]));
    }

    [Fact]
    public async Task Weights_that_are_not_those_of_the_manifest_are_refused_and_can_be_removed()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        (await PutAsync(platform, Import, BlobLayout.WeightsFile, [1, 2, 3])).Dispose();
        (await PutAsync(platform, Import, BlobLayout.ModelFile, "{}"u8.ToArray())).Dispose();
        using var adopted = await platform.Http.PostAsJsonAsync(Routes.ImportModel, new ImportModel(Import, "ann", null, "main"), DomainJson.Canonical, Stop);
        using var removed = await platform.Http.DeleteAsync(Routes.Import(Import), Stop);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (adopted.StatusCode, removed.StatusCode));
        Assert.False(File.Exists(_folder[$"data/imports/{Import}/weights.safetensors"]));
        Assert.Empty(await platform.GetAsync<List<ModelView>>(Routes.Models));
    }

    [Theory]
    [InlineData("AAAA", "cannot be read as safetensors")]
    [InlineData("header of 2^62", "its header has 4611686018427387904 bytes")]
    [InlineData("another network", "expected F32 [1, 162]")]
    [InlineData("NaN", "infinite or NaN")]
    [InlineData("overflow", "answers with NaN or infinity")]
    [InlineData("lineage", "lineage.run is '../../../x'")]
    public async Task A_garbage_import_is_refused_with_its_fault_and_nothing_of_it_stays(string garbage, string words)
    {
        var space = LabelSpace.Empty.Grow([("liver/liver", "liver", "MRI")]);
        byte[] weights = garbage switch
        {
            "AAAA" => [.. Enumerable.Repeat((byte)'A', 100_000)],
            "header of 2^62" => [0, 0, 0, 0, 0, 0, 0, 0x40, .. new byte[100]],
            "another network" => PlainWeights.Of(columns: 2),
            "NaN" => PlainWeights.Of(1, change: (_, values) => values[0] = float.NaN),
            "overflow" => PlainWeights.Of(1, change: (name, values) => Array.Fill(values, name.StartsWith("controller", StringComparison.Ordinal) ? 3e38f : 1)),
            "lineage" => PlainWeights.Of(1),
            _ => throw new ArgumentOutOfRangeException(nameof(garbage)),
        };
        var manifest = PlainWeights.Describe(weights, space, garbage == "lineage" ? "../../../x" : "import-0123456789ab");
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var adopted = await AdoptAsync(platform, weights, manifest);

        Assert.Equal(HttpStatusCode.BadRequest, adopted.StatusCode);
        Assert.Contains(words, (await adopted.Content.ReadFromJsonAsync<JsonNode>(Stop))!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await platform.GetAsync<List<ModelView>>(Routes.Models));
        Assert.False(Directory.Exists(_folder["data/models"]));
    }

    [Fact]
    public async Task A_model_that_was_damaged_since_its_import_does_not_go_live()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var space = LabelSpace.Empty.Grow([("liver/liver", "liver", "MRI")]);
        foreach (var seed in (int[])[1, 2])
        {
            var weights = PlainWeights.Of(1, seed);
            using var adopted = await AdoptAsync(platform, weights, PlainWeights.Describe(weights, space, $"import-{seed}"));
            Assert.Equal(HttpStatusCode.Created, adopted.StatusCode);
        }
        var bad = PlainWeights.Of(1, 2, change: (name, values) => values[0] = name == "feature_weight" ? float.NaN : values[0]);
        await File.WriteAllBytesAsync(_folder["data/models/main/2/weights.safetensors"], bad, Stop);
        using var promoted = await platform.Http.PostAsJsonAsync(Routes.PromoteModel("main", 2), new HumanAct("ann"), DomainJson.Canonical, Stop);

        Assert.Equal(HttpStatusCode.Conflict, promoted.StatusCode);
        Assert.Contains("main/2 cannot go live", await promoted.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(1, (await platform.GetAsync<StatusView>(Routes.Status)).Lines.Single().Production!.Version);
    }

    private static async Task<HttpResponseMessage> AdoptAsync(TestPlatform platform, byte[] weights, ModelManifest manifest)
    {
        var import = ContentHash.Of(manifest);
        (await PutAsync(platform, import, BlobLayout.WeightsFile, weights)).Dispose();
        (await PutAsync(platform, import, BlobLayout.ModelFile, JsonSerializer.SerializeToUtf8Bytes(manifest, DomainJson.Readable))).Dispose();
        return await platform.Http.PostAsJsonAsync(Routes.ImportModel, new ImportModel(import, "ann", null, "main"), DomainJson.Canonical, Stop);
    }

    private static Task<HttpResponseMessage> PutAsync(TestPlatform platform, string import, string file, byte[] content, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(platform.Http.BaseAddress!, Routes.ImportFile(import, file))) { Content = new ByteArrayContent(content) };
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        return platform.Http.SendAsync(request, Stop);
    }
}
