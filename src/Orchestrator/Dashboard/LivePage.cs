using Microsoft.AspNetCore.Components;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>A page that shows what the platform knows, and looks again when that changes: nobody reloads it.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _gone = new();
    private Task _following = Task.CompletedTask;

    [Inject] private TimeProvider Time { get; set; } = null!;

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
            Problem = $"{e.GetBaseException().Message} The page tries again by itself.";
        }
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(Pause, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
                await InvokeAsync(async () =>
                {
                    await LookAsync();
                    StateHasChanged();
                });
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
