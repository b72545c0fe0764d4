using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>What questions cost with a thousand runs, two hundred models and fifty thousand cases: rows and statements, which no slow machine changes.</summary>
public sealed class ListCostTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Cost _cost = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_status_and_a_page_of_a_list_read_what_they_show_and_not_all_there_is()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new()
        {
            Trainer = false,
            Services = services =>
            services.ConfigureDbContext<SqliteOrchestratorDb>(options => options.AddInterceptors(_cost))
        });
        await platform.InDatabaseAsync(async db =>
        {
            await ManyRows.SeedAsync(db, platform.Blobs, _folder["aside"], Stop);
            return true;
        });
        await Eventually.TrueAsync("the datasets are known", async () => (await platform.GetAsync<List<DatasetView>>(Routes.Datasets)).Count == ManyRows.Datasets, Stop);

        var status = await AskAsync<StatusView>(platform, Routes.Status, statements: 12, rows: 60);
        Assert.Equal((ManyRows.Models, ManyRows.Datasets), (status.Lines[0].Production!.Version, status.Datasets));
        var runs = await AskAsync<List<RunView>>(platform, $"{Routes.Runs}?limit=50&state={RunStates.Evaluated}", statements: 2, rows: 60);
        Assert.Equal(50, runs.Count);
        var next = await AskAsync<List<RunView>>(platform, $"{Routes.Runs}?limit=50&after={runs[^1].Id}", statements: 3, rows: 60);
        Assert.True(string.CompareOrdinal(next[0].Id, runs[^1].Id) < 0);
        Assert.Equal(50, (await AskAsync<List<CycleView>>(platform, $"{Routes.Cycles}?limit=50", statements: 2, rows: 60)).Count);
        Assert.Equal(ManyRows.Models, (await AskAsync<List<ModelView>>(platform, Routes.Models, statements: 3, rows: ManyRows.Models + 10)).Count);
        Assert.Equal(ManyRows.Runs, (await AskAsync<List<RunView>>(platform, Routes.Runs, statements: 2, rows: ManyRows.Runs + 10)).Count);
        var (dataset, cases) = (platform.GetAsync<List<DatasetView>>(Routes.Datasets), new HashSet<string>());
        for (string? page = $"{Routes.Cases((await dataset)[0].Name)}?limit=1000"; page is not null;)
        {
            using var answer = await platform.Http.GetAsync(page, Stop);
            cases.UnionWith((await platform.GetAsync<List<CaseView>>(page)).Select(one => one.Case));
            page = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }
        Assert.Equal(ManyRows.Cases / ManyRows.Datasets, cases.Count);
    }

    [Fact]
    public async Task Who_has_a_list_already_is_told_so_until_it_changes()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var first = await platform.Http.GetAsync(Routes.Datasets, Stop);
        Assert.True(first.Headers.ETag!.IsWeak);
        Assert.Equal(304, await StatusAsync(platform, first.Headers.ETag));
        await Data.CommitAsync(platform.Blobs, "liver");
        await Eventually.TrueAsync("the list has changed", async () => await StatusAsync(platform, first.Headers.ETag) == 200, Stop);
    }

    private static async Task<int> StatusAsync(TestPlatform platform, System.Net.Http.Headers.EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Datasets);
        request.Headers.IfNoneMatch.Add(tag);
        using var answer = await platform.Http.SendAsync(request, Stop);
        return (int)answer.StatusCode;
    }

    /// <summary>Fails where the question costs more than said.</summary>
    private async Task<T> AskAsync<T>(TestPlatform platform, string path, int statements, int rows)
    {
        _cost.Begin();
        var answer = await platform.GetAsync<T>(path);
        var (asked, read) = _cost.End();
        Assert.True(asked > 0 && asked <= statements && read <= rows, $"{path}: {asked} statements and {read} rows; {statements} and {rows} are enough.");
        return answer;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Counts what requests do; the sweep, which goes on meanwhile, has no request's activity.</summary>
    private sealed class Cost : DbCommandInterceptor
    {
        private int _statements, _rows;
        private volatile bool _counts;

        public void Begin() => (_statements, _rows, _counts) = (0, 0, true);

        public (int Statements, int Rows) End()
        {
            _counts = false;
            return (_statements, _rows);
        }

        public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
        {
            if (_counts && OfRequest())
            {
                Interlocked.Increment(ref _statements);
                Interlocked.Add(ref _rows, eventData.ReadCount);
            }
            return result;
        }

        private static bool OfRequest() => System.Diagnostics.Activity.Current?.OperationName == "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    }
}
