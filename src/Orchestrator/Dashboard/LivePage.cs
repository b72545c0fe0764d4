using Microsoft.AspNetCore.Components;
using VerSemi.Orchestrator.Live;
using VerSemi.Platform.Logs;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>A page that shows what the platform knows, and looks again when that changes: nobody reloads it.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private const int Unasked = 10;
    private readonly CancellationTokenSource _gone = new();
    private Task _following = Task.CompletedTask;
    private int _happened;

    [Inject] private TimeProvider Time { get; set; } = null!;
    [Inject] private LiveEvents Events { get; set; } = null!;

    /// <summary>Why the page cannot show what was asked for; null where it can.</summary>
    protected string? Problem { get; private set; }

    protected bool Loaded { get; private set; }

    protected CancellationToken Gone => _gone.Token;

    protected abstract Task LoadAsync();

    protected override async Task OnParametersSetAsync()
    {
        await LookAsync();
        if (_following.IsCompleted)
            _following = FollowAsync();
    }

    /// <summary>After an act of the reader: its effect is seen at once.</summary>
    protected async Task LookAsync()
    {
        try
        {
            await LoadAsync();
            (Problem, Loaded) = (null, true);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
        }
        catch (UnknownNameException e)
        {
            Problem = e.Message;
        }
        catch (Exception e) when (e is IOException or TimeoutException or System.Data.Common.DbException or InvalidOperationException)
        {
            // The next look may find it mended; until then the reader is told.
            Problem = $"{OutsideText.WithoutPaths(e.GetBaseException().Message)} The page tries again by itself.";
        }
    }

    /// <summary>Much at once is one look; and one now and then without any event, for what has none: curves, a log.</summary>
    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(Pause, Time);
        var events = NoteEventsAsync();
        try
        {
            for (var ticks = 1; await timer.WaitForNextTickAsync(_gone.Token); ticks++)
                if (Interlocked.Exchange(ref _happened, 0) != 0 || ticks % Unasked == 0)
                    await InvokeAsync(async () =>
                    {
                        await LookAsync();
                        StateHasChanged();
                    });
        }
        catch (OperationCanceledException)
        {
        }
        await events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task NoteEventsAsync()
    {
        await foreach (var _ in Events.FollowAsync(cancellation: _gone.Token))
            Volatile.Write(ref _happened, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
