using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

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

    private static Task<HttpResponseMessage> PutAsync(TestPlatform platform, string import, string file, byte[] content, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(platform.Http.BaseAddress!, Routes.ImportFile(import, file))) { Content = new ByteArrayContent(content) };
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        return platform.Http.SendAsync(request, Stop);
    }
}
