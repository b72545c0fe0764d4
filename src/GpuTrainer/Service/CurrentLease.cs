namespace VerSemi.GpuTrainer.Service;

/// <summary>What this process works on at the moment.</summary>
internal sealed class CurrentLease
{
    private volatile HeldLease? _held;

    /// <summary>Null while it waits for work.</summary>
    public HeldLease? Held
    {
        get => _held;
        set => _held = value;
    }
}
