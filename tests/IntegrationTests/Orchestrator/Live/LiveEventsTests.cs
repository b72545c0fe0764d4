using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Live;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Live;

/// <summary>Server-sent events over real HTTP.</summary>
public sealed class LiveEventsTests : IDisposable
{
    private const string Kind = "test";

    /// <summary>No other wait of the platform is as long.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(130);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_hundred_streams_hear_of_everything_within_a_second_each_once_and_in_order()
    {
        const int streams = 200, rows = 40;
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Configure = options => options.Live.LookEvery = Often });
        var open = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => EventStream.OpenAsync(platform.Http)));
        foreach (var stream in open)
            Assert.Equal(LiveEvent.Open, (await stream.NextAsync())!.Kind);
        Assert.Equal(streams, platform.Services.GetRequiredService<LiveEvents>().Followers);

        var written = new long[rows];
        var seen = -1;
        var reading = open.Select(stream => Task.Run(() => ReadAsync(stream, rows, number => Volatile.Write(ref seen, number)))).ToList();
        for (var i = 0; i < rows; i++)
        {
            await NoteAsync(platform, i);
            Volatile.Write(ref written[i], Stopwatch.GetTimestamp());
            await Eventually.TrueAsync($"row {i} has come", () => Task.FromResult(Volatile.Read(ref seen) >= i), Cancellation);
        }
        var worst = TimeSpan.Zero;
        foreach (var heard in await Task.WhenAll(reading))
        {
            Assert.Equal(Enumerable.Range(0, rows), heard.Select(one => one.Number));
            worst = heard.Select(one => Stopwatch.GetElapsedTime(written[one.Number], one.At)).Append(worst).Max();
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"The worst lag of {streams} streams was {worst.TotalMilliseconds:0} ms.");
        Assert.InRange(worst, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        foreach (var stream in open)
            await stream.DisposeAsync();
        await Eventually.TrueAsync("nobody follows", () => Task.FromResult(platform.Services.GetRequiredService<LiveEvents>().Followers == 0), Cancellation);
    }

    [Fact]
    public async Task A_stream_that_broke_off_goes_on_after_the_last_event_seen()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        long last;
        await using (var first = await EventStream.OpenAsync(platform.Http))
        {
            await first.NextAsync();
            await NoteAsync(platform, 0);
            last = (await first.NextAsync(Kind)).Id;
        }
        for (var i = 1; i <= 1200; i++)
            await NoteAsync(platform, i, save: i % 100 == 0);
        await using var again = await EventStream.OpenAsync(platform.Http, last);
        await NoteAsync(platform, 1201);
        for (var i = 1; i <= 1201; i++)
            Assert.Equal(i.ToString(), (await again.NextAsync(Kind)).Subject);
    }

    [Fact]
    public async Task Who_comes_back_with_an_id_that_is_not_there_is_told_to_read_anew()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await using var stream = await EventStream.OpenAsync(platform.Http, after: 1_000_000);
        Assert.Equal(LiveEvent.Reload, (await stream.NextAsync())!.Kind);
        await NoteAsync(platform, 7);
        Assert.Equal("7", (await stream.NextAsync(Kind)).Subject);
    }

    [Fact]
    public async Task A_cycle_is_followed_from_its_data_to_its_promotion()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await using var stream = await EventStream.OpenAsync(platform.Http);
        await stream.NextAsync();
        await Data.CommitAsync(platform.Blobs, "liver");
        var states = new List<string>();
        while (states.LastOrDefault() != CycleStates.Completed)
            if (await stream.NextAsync("cycle") is { Event: "state" } changed)
            {
                states.Add(changed.To!);
                Assert.Equal("main", changed.Line);
            }
        Assert.Equal(CycleStates.Collecting, states[0]);
        Assert.Contains(CycleStates.Promoting, states);
    }

    [Fact]
    public async Task A_slow_follower_is_told_that_it_missed_something_and_holds_nobody_up()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Configure = options => options.Live.Waiting = 10 });
        var live = platform.Services.GetRequiredService<LiveEvents>();
        await using var slow = live.FollowAsync(cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        await using var quick = live.FollowAsync(cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await slow.MoveNextAsync() && await quick.MoveNextAsync());
        for (var i = 0; i < 50; i++)
        {
            await NoteAsync(platform, i);
            do
                Assert.True(await quick.MoveNextAsync());
            while (quick.Current.Kind != Kind);
            Assert.Equal(i.ToString(), quick.Current.Subject);
        }
        var kinds = new List<string>();
        while (!kinds.Contains(LiveEvent.Reload) && await slow.MoveNextAsync())
            kinds.Add(slow.Current.Kind);
        Assert.Equal(11, kinds.Count);
        await NoteAsync(platform, 50);
        Assert.True(await slow.MoveNextAsync());
        Assert.Equal("50", slow.Current.Subject);
    }

    [Fact]
    public async Task Streams_end_in_order_when_the_process_stops()
    {
        var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await using var stream = await EventStream.OpenAsync(platform.Http);
        await stream.NextAsync();
        platform.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();
        while (await stream.NextAsync() is { } happened)
            Assert.NotEqual(LiveEvent.Open, happened.Kind);
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task On_PostgreSQL_rows_that_are_committed_out_of_order_come_in_order_and_rolled_back_ones_hold_nothing_up()
    {
        var database = await SharedServers.CreateDatabaseAsync(Cancellation);
        var time = new CountingTime(Often);
        await using var platform = await TestPlatform.StartAsync(_folder, new()
        {
            Trainer = false,
            Time = time,
            Configure = options =>
            {
                (options.Database.Engine, options.Database.ConnectionString, options.SingleProcess) = (DatabaseOptions.Postgres, database, false);
                options.Live.LookEvery = Often;
            },
        });
        await using var stream = await EventStream.OpenAsync(platform.Http);
        await stream.NextAsync();
        await using (var rolledBack = await OpenRow.BeginAsync(database, "never"))
        await using (var slow = await OpenRow.BeginAsync(database, "0"))
        {
            await NoteAsync(platform, 1);
            var passes = time.Waits;
            await Eventually.TrueAsync("the table was read three times since", () => Task.FromResult(time.Waits > passes + 3), Cancellation);
            await slow.CommitAsync();
        }
        Assert.Equal("0", (await stream.NextAsync(Kind)).Subject);
        Assert.Equal("1", (await stream.NextAsync(Kind)).Subject);
    }

    private static async Task<List<(int Number, long At)>> ReadAsync(EventStream stream, int rows, Action<int> seen)
    {
        var heard = new List<(int Number, long)>();
        while (heard.Count < rows)
        {
            heard.Add((int.Parse((await stream.NextAsync(Kind)).Subject), Stopwatch.GetTimestamp()));
            seen(heard[^1].Number);
        }
        return heard;
    }

    private readonly List<int> _unsaved = [];

    private async Task NoteAsync(TestPlatform platform, int number, bool save = true)
    {
        _unsaved.Add(number);
        if (!save)
            return;
        await platform.InDatabaseAsync(async db =>
        {
            foreach (var one in _unsaved)
                db.Note(Kind, one.ToString(), "noted");
            return await db.SaveChangesAsync(Cancellation);
        });
        _unsaved.Clear();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
