using System.Net;
using System.Net.Sockets;
using System.Text;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Too much, too large, too slow, broken off.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_asks_too_much_is_told_when_to_ask_again_and_nobody_else_is()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => (options.Limits.RequestsAtOnce, options.Limits.RequestsPerSecond) = (5, 1));
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 12; i++)
            answers.Add(await guarded.SendAsync(HttpMethod.Get, Routes.Me, Role.Viewer));
        using var other = await guarded.SendAsync(HttpMethod.Get, Routes.Me, Role.Operator);

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.True(refused[0].Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("application/problem+json", refused[0].Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        answers.ForEach(answer => answer.Dispose());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_beyond_the_quota_of_its_drop_is_refused_and_leaves_nothing(bool saysItsLength)
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => options.Limits.DropBytes = 1000);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "liver", "a.nii", 600)).Status);
        var (status, text) = await PutAsync(guarded, "liver", "b.nii", 500, saysItsLength);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("is 1000 bytes, of which 600 are used", text, StringComparison.Ordinal);
        Assert.Equal(["a.nii"], Files());
        // What is replaced makes room, and another drop has its own.
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "liver", "a.nii", 900, saysItsLength)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "liver", "b.nii", 100, saysItsLength)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "spleen", "b.nii", 1000, saysItsLength)).Status);
    }

    [Fact]
    public async Task All_drops_together_have_a_quota_too()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => options.Limits.IncomingBytes = 1000);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "liver", "a.nii", 600)).Status);
        var (status, text) = await PutAsync(guarded, "spleen", "a.nii", 600);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("all drops together", text, StringComparison.Ordinal);
        Assert.Equal(["a.nii"], Files());
    }

    [Fact]
    public async Task What_is_no_upload_has_a_bound_of_its_own()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => options.Limits.RequestBytes = 2000);
        using var answer = await guarded.SendAsync(HttpMethod.Post, Routes.Cycles, Role.Operator, new { why = new string('x', 3000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(413, Assert.Single(await guarded.AuditAsync()).Status);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_is_on_record()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using (var connection = await BeginUploadAsync(guarded, 1_000_000))
        {
            await connection.GetStream().WriteAsync(new byte[5000], Stop);
            await Eventually.TrueAsync("the upload has begun", () => guarded.Platform.InDatabaseAsync(db => Task.FromResult(db.Audit.Any())), Stop);
        }
        await AssertNothingLeftAsync(guarded, status => status is 400 or 499);
    }

    [Fact]
    public async Task One_that_is_too_slow_is_broken_off_and_leaves_nothing()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => (options.Limits.UploadBytesPerSecond, options.Limits.UploadGrace) = (1e9, TimeSpan.FromSeconds(2)));
        using var connection = await BeginUploadAsync(guarded, 1_000_000);
        await connection.GetStream().WriteAsync(new byte[5000], Stop);
        using var answer = new StreamReader(connection.GetStream());
        Assert.Contains("408", await answer.ReadLineAsync(Stop), StringComparison.Ordinal);
        await AssertNothingLeftAsync(guarded, status => status == 408);
    }

    private async Task AssertNothingLeftAsync(GuardedPlatform guarded, Func<int, bool> isStatus)
    {
        var row = await Eventually.GetAsync("the row of the upload", async () => (await guarded.AuditAsync()).FirstOrDefault(), Stop);
        Assert.True(isStatus(row.Status!.Value), $"{row.Status}");
        Assert.Equal("the operator", row.Who);
        Assert.Empty(Files());
        // The room that it took is free again.
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(guarded, "liver", "after.nii", 10)).Status);
    }

    /// <summary>By hand: no client library sends half a request.</summary>
    private static async Task<TcpClient> BeginUploadAsync(GuardedPlatform guarded, int length)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, guarded.Http.BaseAddress!.Port, Stop);
        var head = $"PUT {Routes.DropFile("liver", "half.nii")} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {guarded.TokenOf(Role.Operator)}\r\nContent-Length: {length}\r\n\r\n";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Stop);
        return connection;
    }

    /// <summary>All that lies in the store, unfinished writes included.</summary>
    private IEnumerable<string> Files() =>
        Directory.Exists(_folder["data"]) ? Directory.GetFiles(_folder["data"], "*.nii*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Concat(
            Directory.Exists(_folder["data/.store"]) ? Directory.GetFiles(_folder["data/.store"], "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).Length > 0) : []) : [];

    private static async Task<(HttpStatusCode Status, string Text)> PutAsync(GuardedPlatform guarded, string drop, string file, int bytes, bool saysItsLength = true)
    {
        using HttpContent content = saysItsLength ? new ByteArrayContent(new byte[bytes]) : new StreamContent(new Unseekable(bytes));
        using var answer = await guarded.SendAsync(HttpMethod.Put, Routes.DropFile(drop, file), guarded.TokenOf(Role.Operator), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private sealed class Unseekable(int bytes) : MemoryStream(new byte[bytes])
    {
        public override bool CanSeek => false;
    }
}
