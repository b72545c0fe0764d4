using System.Diagnostics;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>Waits for the platform with its progress on the screen, through restarts of the platform.</summary>
internal sealed class Watch(PlatformSession session, Out output)
{
    /// <summary>So long may the platform answer, but not to what it is asked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Until the cycle has its verdict, or waits for a person.</summary>
    public Task<CycleDetail> CycleAsync(string id, CancellationToken cancellation) => PollAsync(async view =>
    {
        var detail = await session.Api.GetAsync<CycleDetail>(Routes.Cycle(id), cancellation);
        if (IsOver(detail.Cycle.State))
            return detail;
        await ShowAsync(view, detail.Cycle.Line, cancellation);
        return null;
    }, cancellation);

    /// <summary>Until every drop was taken by a cycle that has its verdict: those cycles, oldest first. A refused drop is a <see cref="DomainException"/>.</summary>
    public Task<IReadOnlyList<CycleDetail>> DropsAsync(IReadOnlyList<string> drops, CancellationToken cancellation) => PollAsync(async view =>
    {
        var views = await Task.WhenAll(drops.Select(drop => FindAsync(drop, cancellation)));
        if (views.FirstOrDefault(drop => drop?.State == DropState.Refused) is { } refused)
            throw new DomainException($"Drop '{refused.Drop}' was refused: {refused.Refusal} Its _report/report.md says more.");
        if (views.All(drop => drop?.CycleState is { } state && IsOver(state)))
            return await CyclesOfAsync(views, cancellation);
        var open = drops.Zip(views).FirstOrDefault(drop => drop.Second?.State is not (DropState.Committed or DropState.Unchanged));
        if (open.First is { } name)
            view.Show($"Drop {name}", open.Second?.State.ToString() ?? "not seen yet");
        else
            await ShowAsync(view, "main", cancellation);
        return null;
    }, cancellation);

    private static bool IsOver(string state) => CycleStates.IsFinal(state) || state == CycleStates.AwaitingApproval;

    private async Task<DropView?> FindAsync(string drop, CancellationToken cancellation)
    {
        try
        {
            return (await session.Api.GetAsync<DropDetail>(Routes.Drop(drop), cancellation)).Drop;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<CycleDetail>> CyclesOfAsync(IEnumerable<DropView?> drops, CancellationToken cancellation)
    {
        var ids = drops.Select(drop => drop!.Cycle!).Distinct();
        var details = await Task.WhenAll(ids.Select(id => session.Api.GetAsync<CycleDetail>(Routes.Cycle(id), cancellation)));
        return [.. details.OrderBy(detail => detail.Cycle.Number)];
    }

    private async Task ShowAsync(IProgressView view, string line, CancellationToken cancellation)
    {
        var status = await session.Api.GetAsync<StatusView>(Routes.Status, cancellation);
        var state = status.Lines.FirstOrDefault(l => l.Line == line);
        var progress = state?.Run is { } run && !RunStates.IsFinal(run.State) ? run.Progress : null;
        var headline = state?.Cycle is { } cycle ? $"Cycle {cycle.Number}, {cycle.State}" : "Waiting for a cycle";
        view.Show(headline, progress is null ? status.Trouble is [var trouble, ..] ? trouble : null : Progress.Describe(progress),
            progress is { Total: > 0 } ? (double)progress.Done / progress.Total : null);
    }

    private Task<T> PollAsync<T>(Func<IProgressView, Task<T?>> ask, CancellationToken cancellation) where T : class => output.WithProgressAsync(async view =>
    {
        for (var silent = Stopwatch.StartNew(); ;)
        {
            try
            {
                if (await ask(view) is { } answer)
                    return answer;
                silent.Restart();
            }
            catch (HttpRequestException) when (silent.Elapsed < Patience)
            {
                view.Show("The platform stopped answering, looking for it");
                await session.ReconnectAsync(cancellation);
            }
            await Task.Delay(Pause, cancellation);
        }
    });
}
