using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>What a person may do to schedules. Those of the settings can be paused, but are changed where they are.</summary>
internal sealed class ScheduleBook(OrchestratorDb db, OrchestratorOptions options, FiringStarts starts)
{
    public const string FromSettings = "settings";
    private const string Kind = "schedule";

    public async Task<ScheduleRow> FindAsync(string name, CancellationToken cancellation) =>
        await db.Schedules.FirstOrDefaultAsync(row => row.Name == name, cancellation)
        ?? throw new UnknownNameException($"There is no schedule '{name}'. `versemi schedules` lists them.");

    public async Task<ScheduleRow> AddAsync(string name, ScheduleOptions wanted, string who, string? why, CancellationToken cancellation)
    {
        if (wanted.Errors(name, options.Lines.Keys).ToList() is { Count: > 0 } errors)
            throw new DomainException(string.Join(Environment.NewLine, errors));
        if (await db.Schedules.AnyAsync(row => row.Name == name, cancellation))
            throw new ConflictException($"There is a schedule '{name}' already. Remove it first, or take another name.");
        var row = Add(name, wanted, who, why, who);
        await SaveAsync(name, cancellation);
        return row;
    }

    public async Task RemoveAsync(string name, string who, string? why, CancellationToken cancellation)
    {
        var row = await FindAsync(name, cancellation);
        if (row.Origin == FromSettings)
            throw new ConflictException($"Schedule '{name}' is in the settings (Orchestrator:Schedules:{name}): remove it there. `versemi schedules pause {name}` holds it until then.");
        await RemoveAsync(row, who, why, cancellation);
        await SaveAsync(name, cancellation);
    }

    public async Task<ScheduleRow> PauseAsync(string name, bool paused, string who, string? why, CancellationToken cancellation)
    {
        var row = await FindAsync(name, cancellation);
        if (row.Paused == paused)
            throw new ConflictException($"Schedule '{name}' is {(paused ? $"paused already, by {row.PausedBy}" : "not paused")}.");
        (row.Paused, row.PausedBy) = (paused, paused ? who : null);
        row.Version++;
        Note(name, paused ? "paused" : "resumed", why, who);
        await SaveAsync(name, cancellation);
        return row;
    }

    /// <summary>The settings win over what is there by their names; what a person made under another name stays.</summary>
    public async Task TakeSettingsAsync(CancellationToken cancellation)
    {
        var rows = await db.Schedules.ToDictionaryAsync(row => row.Name, cancellation);
        foreach (var (name, wanted) in options.Schedules)
            if (rows.GetValueOrDefault(name) is { } row)
                await ChangeAsync(row, wanted, cancellation);
            else
                Add(name, wanted, FromSettings, null, null);
        foreach (var row in rows.Values.Where(row => row.Origin == FromSettings && !options.Schedules.ContainsKey(row.Name)))
            await RemoveAsync(row, null, "it is no longer in the settings", cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    private ScheduleRow Add(string name, ScheduleOptions wanted, string origin, string? why, string? who)
    {
        var row = new ScheduleRow { Name = name, Origin = origin };
        row.Become(wanted, db.Clock.Now);
        db.Schedules.Add(row);
        Note(name, "created", why is null ? row.Words() : $"{row.Words()}: {why}", who);
        return row;
    }

    private async Task ChangeAsync(ScheduleRow row, ScheduleOptions wanted, CancellationToken cancellation)
    {
        if (row.Is(wanted) && row.Origin == FromSettings)
            return;
        if (row.Line != wanted.Line)
            await CloseAsync(row, "the schedule went to another line before its cycle began", cancellation);
        row.Become(wanted, db.Clock.Now);
        row.Origin = FromSettings;
        Note(row.Name, "changed", $"by the settings: {row.Words()}", null);
    }

    private async Task RemoveAsync(ScheduleRow row, string? who, string? why, CancellationToken cancellation)
    {
        await CloseAsync(row, "the schedule was removed before its cycle began", cancellation);
        db.Schedules.Remove(row);
        Note(row.Name, "removed", why, who);
    }

    private async Task CloseAsync(ScheduleRow row, string reason, CancellationToken cancellation)
    {
        if (await starts.WaitingOfAsync(row, cancellation) is { } waiting)
            await starts.CloseAsync(waiting, reason, cancellation);
    }

    private void Note(string name, string what, string? detail, string? who) => db.Note(Kind, name, what, detail, who);

    private async Task SaveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e)
        {
            throw new ConflictException($"Schedule '{name}' was changed or fired meanwhile. Look at it, then ask again.", e);
        }
    }
}
