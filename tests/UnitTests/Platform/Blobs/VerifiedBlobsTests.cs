using VerSemi.Domain;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Blobs;

public sealed class VerifiedBlobsTests : IDisposable
{
    private const string Name = "models/main/1/weights.safetensors";
    private const int Block = 1 << 16;
    private readonly TempFolder _folder = new();
    private readonly FolderBlobStore _store;

    public VerifiedBlobsTests() => _store = new FolderBlobStore(_folder["data"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Lengths => new(0, 1, Block - 1, Block, Block + 1, 2 * Block, 3 * Block + 5);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Whole_content_comes_as_it_is(int length)
    {
        var (content, hash) = await WriteAsync(length);
        Assert.Equal(content, await _store.ReadVerifiedAsync(Name, hash, ReadAll, Stop));
        await using var stream = await _store.OpenVerifiedAsync(Name, hash, Stop);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, Stop);
        Assert.Equal(content, read.ToArray());
        Assert.Equal(length, stream.Length);
        await _store.CopyVerifiedAsync(Name, "copy", hash, Stop);
        Assert.True(await _store.IsWholeAsync("copy", hash, Stop));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_flipped_bit_is_found_wherever_it_is_and_nothing_is_made_of_the_content(int length)
    {
        var (content, hash) = await WriteAsync(length);
        foreach (var at in new[] { 0, length / 2, length - 1 }.Where(at => at >= 0 && at < length).Distinct())
        {
            var changed = content.ToArray();
            changed[at] ^= 1 << 5;
            await File.WriteAllBytesAsync(_folder[$"data/{Name}"], changed, Stop);
            var damage = await Assert.ThrowsAsync<DamagedBlobException>(() => _store.ReadVerifiedAsync(Name, hash, ReadAll, Stop));
            Assert.Equal((Name, hash, ContentHash.Of(changed)), (damage.Path, damage.Expected, damage.Actual));
            await Assert.ThrowsAsync<DamagedBlobException>(() => _store.CopyVerifiedAsync(Name, "copy", hash, Stop));
            Assert.Null(await _store.FindAsync("copy", Stop));
        }
    }

    [Fact]
    public async Task A_reader_of_a_stream_never_gets_the_last_block_of_damaged_content()
    {
        var (content, hash) = await WriteAsync(3 * Block);
        content[10] ^= 1;
        await File.WriteAllBytesAsync(_folder[$"data/{Name}"], content, Stop);
        await using var stream = await _store.OpenVerifiedAsync(Name, hash, Stop);
        var got = 0L;
        await Assert.ThrowsAsync<DamagedBlobException>(async () =>
        {
            var block = new byte[1000];
            for (int read; (read = await stream.ReadAsync(block, Stop)) > 0;)
                got += read;
        });
        Assert.True(got <= 2 * Block, $"{got} bytes");
        Assert.Throws<DamagedBlobException>(() => stream.ReadByte());
    }

    [Fact]
    public async Task A_decoder_that_stumbles_over_damage_does_not_hide_it()
    {
        var (_, hash) = await WriteAsync(100);
        await File.WriteAllTextAsync(_folder[$"data/{Name}"], "something else", Stop);
        await Assert.ThrowsAsync<DamagedBlobException>(() => _store.ReadVerifiedAsync<int>(Name, hash, _ => throw new InvalidDataException("no header"), Stop));
    }

    [Fact]
    public async Task A_decoders_own_fault_on_whole_content_stays_what_it_is()
    {
        var (_, hash) = await WriteAsync(100);
        await Assert.ThrowsAsync<InvalidDataException>(() => _store.ReadVerifiedAsync<int>(Name, hash, _ => throw new InvalidDataException("no header"), Stop));
    }

    [Fact]
    public async Task A_reader_that_stops_early_is_told_of_damage_behind_it()
    {
        var (content, hash) = await WriteAsync(4 * Block);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder[$"data/{Name}"], content, Stop);
        await Assert.ThrowsAsync<DamagedBlobException>(() => _store.ReadVerifiedAsync(Name, hash, stream => stream.ReadByte(), Stop));
    }

    private static byte[] ReadAll(Stream content)
    {
        var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    private async Task<(byte[] Content, string Hash)> WriteAsync(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        await _store.WriteAsync(Name, new MemoryStream(content), cancellation: Stop);
        return (content, ContentHash.Of(content));
    }
}
