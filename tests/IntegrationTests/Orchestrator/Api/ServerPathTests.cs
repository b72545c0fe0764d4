using System.Net;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>What an error's answer says of the server.</summary>
public sealed class ServerPathTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Addresses => new([
        Routes.DropFile("liver", $"imagesTr/{new string('a', 300)}.nii.gz"), Routes.DropFile("liver", $"{new string('é', 150)}.nii.gz"), Routes.DropFile(new string('b', 300), "dataset.json"),
        Routes.DropFile("liver", string.Join('/', Enumerable.Repeat(new string('c', 200), 10))), Routes.Drop(new string('d', 300)), Routes.Dataset(new string('e', 300)), Routes.Run(new string('f', 300)),
    ]);

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_name_that_is_too_long_is_a_fault_of_the_request_and_the_answer_tells_no_path(string address)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Put ? new StringContent("x") : null };
            using var answer = await platform.Http.SendAsync(request, Stop);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{method} {address}: {(int)answer.StatusCode}");
            Assert.DoesNotContain(_folder.Path, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_of_300_characters_is_a_400()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var answer = await platform.Http.PutAsync(Routes.DropFile("liver", $"{new string('a', 300)}.nii.gz"), new StringContent("x"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("255 bytes", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_without_its_path()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        Directory.CreateDirectory(_folder["data/incoming"]);
        File.CreateSymbolicLink(_folder["data/incoming/liver"], _folder["elsewhere"]);
        using var linked = await platform.Http.PutAsync(Routes.DropFile("liver", "dataset.json"), new StringContent("x"), Stop);
        File.WriteAllText(_folder["data/incoming/file"], "in the way of a folder");
        using var blocked = await platform.Http.PutAsync(Routes.DropFile("file", "dataset.json"), new StringContent("x"), Stop);
        foreach (var answer in new[] { linked, blocked })
        {
            Assert.False(answer.IsSuccessStatusCode);
            Assert.DoesNotContain(_folder.Path, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }
}
