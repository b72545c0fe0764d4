using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Blobs;

public sealed class SealedJsonTests : IDisposable
{
    private const string Name = "models/main/production.json";
    private readonly TempFolder _folder = new();
    private readonly FolderBlobStore _store;

    public SealedJsonTests() => _store = new FolderBlobStore(_folder["data"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_flipped_bit_is_noticed_and_the_file_is_named()
    {
        var bytes = await WriteAsync(Name, new ProductionPointer(3, 2));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Contains(Name, (await DamageAsync(changed)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_is_damaged()
    {
        var bytes = await WriteAsync(Name, new ProductionPointer(3, 2));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(Name, (await DamageAsync(bytes[..length])).Path);
    }

    [Fact]
    public async Task A_difference_is_told_with_both_hashes()
    {
        var bytes = await WriteAsync(Name, new ProductionPointer(3, 2));
        var at = Array.IndexOf(bytes, (byte)'3');
        bytes[at] = (byte)'4';
        var damage = await DamageAsync(bytes);
        Assert.NotEqual(damage.Expected, damage.Actual);
        Assert.Contains(damage.Expected!, damage.Message, StringComparison.Ordinal);
        Assert.Contains(damage.Actual!, damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_another_blob_is_named_as_that()
    {
        var other = await WriteAsync("models/other/production.json", new ProductionPointer(3, 2));
        Assert.Contains("'models/other/production.json'", (await DamageAsync(other)).Message, StringComparison.Ordinal);
        Assert.Equal(new ProductionPointer(3, 2), await _store.ReadMovedJsonAsync<ProductionPointer>(Name, DomainJson.Readable, Stop));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"generation\": 3, \"version\": 2}")]
    [InlineData("not JSON")]
    public async Task What_something_else_wrote_is_damaged(string text) => await DamageAsync(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task A_value_with_members_of_common_names_comes_back_as_it_was()
    {
        await WriteAsync(Name, new Named("a", "b", "c", "d"));
        Assert.Equal(new Named("a", "b", "c", "d"), await _store.ReadJsonAsync<Named>(Name, DomainJson.Readable, Stop));
    }

    private sealed record Named(string Sha256, string Path, string Blob, string Hash);

    [Fact]
    public async Task Readers_that_know_nothing_of_the_checksum_read_the_file_as_before()
    {
        var bytes = await WriteAsync(Name, new ProductionPointer(3, 2));
        Assert.Equal(new ProductionPointer(3, 2), System.Text.Json.JsonSerializer.Deserialize<ProductionPointer>(bytes, DomainJson.Readable));
        await WriteAsync("empty.json", new { });
        await _store.CheckJsonAsync("empty.json", Stop);
    }

    private async Task<byte[]> WriteAsync<T>(string path, T value) where T : notnull
    {
        await _store.WriteJsonAsync(path, value, DomainJson.Readable, cancellation: Stop);
        Assert.NotNull(await _store.TryReadJsonAsync<T>(path, DomainJson.Readable, Stop));
        return await File.ReadAllBytesAsync(_folder[$"data/{path}"], Stop);
    }

    private async Task<DamagedBlobException> DamageAsync(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"data/{Name}"])!);
        await File.WriteAllBytesAsync(_folder[$"data/{Name}"], content, Stop);
        Assert.NotNull((await _store.InspectJsonAsync<ProductionPointer>(Name, DomainJson.Readable, Stop)).Damage);
        return await Assert.ThrowsAsync<DamagedBlobException>(() => _store.ReadJsonAsync<ProductionPointer>(Name, DomainJson.Readable, Stop));
    }
}
