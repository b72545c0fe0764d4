using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>A moment since the fault, and what was seen then.</summary>
internal sealed record Sign(TimeSpan At, string What);

/// <summary>Reads from one look after the other when the loss was noticed, and when work went on again.</summary>
internal sealed class Recovery(RunView? victim)
{
    private readonly Dictionary<string, (string State, TimeSpan Since)> _last = [];
    private Look? _calm;
    private (string? Phase, int? Done)? _firstAfter;

    public Sign? Noticed { get; private set; }
    public Sign? Recovered { get; private set; }

    /// <summary>What is under way now; null where nobody can say.</summary>
    public IReadOnlyCollection<string>? UnderWay { get; private set; }

    /// <param name="isOver">Nothing is done to the system any more.</param>
    public void See(Look look, bool isOver)
    {
        UnderWay = look.State is null ? null : [.. look.State.Keys];
        foreach (var (name, state) in look.State ?? new Dictionary<string, string>())
            if (_last.GetValueOrDefault(name).State != state)
                _last[name] = (state, look.At);
        if (victim is not null)
            SeeVictim(look, victim);
        else
            SeeServer(look, isOver);
    }

    /// <summary>For how long nothing has changed in it.</summary>
    public TimeSpan StillFor(string name, TimeSpan now) => now - _last.GetValueOrDefault(name).Since;

    /// <summary>The platform notices by taking the lease away; work goes on when another attempt tells its progress, or the same one more of it.</summary>
    private void SeeVictim(Look look, RunView before)
    {
        if (look.Runs.FirstOrDefault(run => run.Id == before.Id) is not { } now)
            return;
        var isAway = now.Attempt > before.Attempt || now.State != RunStates.Leased;
        if (isAway)
            Noticed ??= new Sign(look.At, $"attempt {before.Attempt} has lost its lease");
        if (now.Attempt > before.Attempt && (now.Progress is not null || now.State is RunStates.Trained || RunStates.IsFinal(now.State)))
            Recovered ??= new Sign(look.At, $"attempt {now.Attempt}: {Describe(now)}");
        else if (now.State is RunStates.Trained || RunStates.IsFinal(now.State) || IsFurther(now, before))
            Recovered ??= new Sign(look.At, $"attempt {now.Attempt} went on itself: {Describe(now)}");
    }

    private static string Describe(RunView run) => run.State == RunStates.Leased && run.Progress is { } progress ? Output.Progress.Describe(progress) : run.State;

    /// <summary>A heartbeat that was on its way when the fault came tells a little more too: only what is told twice counts.</summary>
    private bool IsFurther(RunView now, RunView before)
    {
        var told = (now.Progress?.Phase, now.Progress?.Done);
        if (now.Attempt != before.Attempt || now.State != RunStates.Leased || told == (before.Progress?.Phase, before.Progress?.Done))
            return false;
        _firstAfter ??= told;
        return _firstAfter != told;
    }

    /// <summary>Work goes on when something has changed since all was calm again; where nothing was left to do, calm is all there is.</summary>
    private void SeeServer(Look look, bool isOver)
    {
        if (look.Troubles.Count > 0)
            Noticed ??= new Sign(look.At, look.Troubles[0]);
        if (!isOver || !look.IsCalm || look.State is not { } state)
            return;
        _calm ??= look;
        if (state.Count == 0)
            Recovered ??= new Sign(look.At, "the platform answers, and nothing is left to do");
        else if (look.Steps.FirstOrDefault(step => _calm.Steps.GetValueOrDefault(step.Key) != step.Value) is { Key: { } name } changed)
            Recovered ??= new Sign(look.At, $"{name}: {changed.Value}");
        else if (_calm.State!.Keys.FirstOrDefault(key => !state.ContainsKey(key)) is { } ended)
            Recovered ??= new Sign(look.At, $"{ended} has ended");
    }
}
