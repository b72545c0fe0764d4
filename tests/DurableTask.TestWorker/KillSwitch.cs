using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DurableTask.TestWorker;

/// <summary>Kills this process (SIGKILL) before or after a SaveChanges, once it is armed.</summary>
public sealed class KillSwitch : SaveChangesInterceptor
{
    private int _left = int.MaxValue;
    private bool _before;

    public void Arm(bool before, int number) => (_before, _left) = (before, number);

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (_before && Interlocked.Decrement(ref _left) == 0)
            Process.GetCurrentProcess().Kill();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (!_before && Interlocked.Decrement(ref _left) == 0)
            Process.GetCurrentProcess().Kill();
        return ValueTask.FromResult(result);
    }
}
