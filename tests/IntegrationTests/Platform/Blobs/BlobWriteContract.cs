using System.Globalization;
using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>The part of the contract about writes that meet each other, or come to no end.</summary>
public abstract class BlobWriteContract : BlobStoreContract
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task A_write_that_wants_no_blob_there_leaves_the_one_it_finds()
    {
        var absent = new WriteCondition(IfAbsent: true);
        await Store.WriteTextAsync("blob", "first", absent, Stop);
        Assert.Equal("blob", (await Assert.ThrowsAsync<BlobConflictException>(() => Store.WriteTextAsync("blob", "second", absent, Stop))).Path);
        Assert.Equal("first", await Store.ReadTextAsync("blob", Stop));
        await Store.DeleteAsync("blob", Stop);
        await Store.WriteTextAsync("blob", "third", absent, Stop);
        Assert.Equal("third", await Store.ReadTextAsync("blob", Stop));
    }

    [Fact]
    public async Task A_write_over_a_certain_version_replaces_only_that_one()
    {
        var first = await Store.WriteTextAsync("blob", "1", cancellation: Stop);
        var second = await Store.WriteTextAsync("blob", "2", new WriteCondition(first.ETag), Stop);
        await Assert.ThrowsAsync<BlobConflictException>(() => Store.WriteTextAsync("blob", "3", new WriteCondition(first.ETag), Stop));
        Assert.Equal("2", await Store.ReadTextAsync("blob", Stop));
        await Store.DeleteAsync("blob", Stop);
        await Assert.ThrowsAsync<BlobConflictException>(() => Store.WriteTextAsync("blob", "3", new WriteCondition(second.ETag), Stop));
        Assert.Null(await Store.FindAsync("blob", Stop));
    }

    [Theory]
    [InlineData(100)]
    [InlineData((2 * MiB) + 100)]
    public async Task Of_16_writers_that_want_no_blob_there_exactly_one_wins(int bytes) =>
        await OneWinsAsync(bytes, new WriteCondition(IfAbsent: true));

    [Theory]
    [InlineData(100)]
    [InlineData((2 * MiB) + 100)]
    public async Task Of_16_writers_over_the_same_version_exactly_one_wins(int bytes) =>
        await OneWinsAsync(bytes, new WriteCondition((await Store.WriteTextAsync("blob", "before", cancellation: Stop)).ETag));

    [Fact]
    public async Task Writers_that_read_again_and_decide_again_lose_no_increment()
    {
        await Store.WriteTextAsync("counter", "0", cancellation: Stop);
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        await Task.WhenAll(stores.Select(store => Task.Run(() => IncrementAsync(store, 10), Stop)));
        Assert.Equal("40", await Store.ReadTextAsync("counter", Stop));
    }

    [Fact]
    public async Task Of_two_big_writes_at_once_no_mixture_remains()
    {
        for (var round = 0; round < 3; round++)
        {
            var contents = new[] { Contents.Random(6 * MiB, 1), Contents.Random(6 * MiB, 2) };
            var writes = contents.Select(content => Task.Run(() => Store.WriteAsync("blob", new PiecewiseStream(content, 100_000), cancellation: Stop), Stop)).ToList();
            await EndedAsync(writes);
            Assert.Contains(writes, write => write.IsCompletedSuccessfully);
            Assert.All(writes.Where(write => write.IsFaulted), write => Assert.IsType<BlobConflictException>(write.Exception!.InnerException));
            var read = await Store.ReadAsync("blob", Stop);
            Assert.Contains(contents, content => content.AsSpan().SequenceEqual(read));
        }
    }

    [Fact]
    public async Task A_reader_never_sees_half_of_a_write()
    {
        byte[] Whole(int fill) => [.. Enumerable.Repeat((byte)fill, (3 * MiB) + fill)];
        await Store.WriteBytesAsync("blob", Whole(1), Stop);
        var writing = Task.Run(async () =>
        {
            for (var fill = 2; fill < 12; fill++)
                await Store.WriteBytesAsync("blob", Whole(fill), Stop);
        }, Stop);
        do
        {
            try
            {
                var read = await Store.ReadAsync("blob", Stop);
                Assert.Equal((3 * MiB) + read[0], read.Length);
                Assert.DoesNotContain(read, value => value != read[0]);
            }
            catch (IOException e) when (e.Message.Contains("was changed while it was read", StringComparison.Ordinal))
            {
                // A remote store says so, rather than to go on with another version.
            }
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Theory]
    [InlineData(10)]
    [InlineData((5 * MiB) + 10)]
    public async Task A_stream_that_breaks_off_leaves_nothing_and_its_error_is_the_callers(int bytes)
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.WriteAsync("new", Breaking(bytes), cancellation: Stop));
        Assert.Null(await Store.FindAsync("new", Stop));
        Assert.Empty(await PathsAsync(""));

        await Store.WriteTextAsync("old", "old", cancellation: Stop);
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.WriteAsync("old", Breaking(bytes), cancellation: Stop));
        Assert.Equal("old", await Store.ReadTextAsync("old", Stop));
        await Store.WriteTextAsync("new", "after all", cancellation: Stop);
        Assert.Equal("after all", await Store.ReadTextAsync("new", Stop));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var content = new PiecewiseStream(Contents.Random(5 * MiB), 1 << 16, cancelled.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync("blob", content, cancellation: cancelled.Token));
        Assert.Null(await Store.FindAsync("blob", Stop));
        Assert.Empty(await PathsAsync(""));
    }

    private static PiecewiseStream Breaking(int bytes) => new(Contents.Random(bytes), 1 << 16, () => throw new EndOfStreamException("The source broke off."));

    /// <summary>Well or not.</summary>
    private static async Task EndedAsync(IEnumerable<Task> tasks) =>
        await Task.WhenAll(tasks.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));

    private async Task OneWinsAsync(int bytes, WriteCondition condition)
    {
        var writes = Enumerable.Range(0, 16)
            .Select(i => Task.Run(() => Store.WriteAsync("blob", new MemoryStream(Contents.Random(bytes, seed: i)), condition, Stop), Stop)).ToList();
        await EndedAsync(writes);
        var winner = Assert.Single(Enumerable.Range(0, 16), i => writes[i].IsCompletedSuccessfully);
        Assert.All(writes.Where(write => !write.IsCompletedSuccessfully), write => Assert.IsType<BlobConflictException>(write.Exception?.InnerException));
        Assert.Equal(Contents.Random(bytes, seed: winner), await Store.ReadAsync("blob", Stop));
    }

    private static async Task IncrementAsync(IBlobStore store, int times)
    {
        for (var done = 0; done < times;)
        {
            var tag = (await store.FindAsync("counter", Stop))!.ETag;
            var value = int.Parse(await store.ReadTextAsync("counter", Stop), CultureInfo.InvariantCulture);
            try
            {
                await store.WriteTextAsync("counter", $"{value + 1}", new WriteCondition(tag), Stop);
                done++;
            }
            catch (BlobConflictException)
            {
            }
        }
    }
}
