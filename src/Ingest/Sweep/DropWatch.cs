using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Sweep;

/// <summary>What the sweep remembers of a drop between two looks. Lost with the process, and made again by looking.</summary>
internal sealed class DropWatch(TimeProvider time, IngestOptions options)
{
    private string? _fingerprint, _otherReport;
    private readonly long _seen = time.GetTimestamp();
    private long _unchangedSince, _rungAt;
    private int _rung;
    private bool _corrected;
    private long _failedAt;
    private int _failed;

    /// <summary>This state of the drop has its report.</summary>
    public bool Done { get; private set; }

    /// <summary>Whether all that dataset.json lists is there; null: not looked yet in this state.</summary>
    public bool? Complete { get; set; }

    /// <summary>Takes note of the drop's state; a new one starts everything again.</summary>
    public void See(DropFiles files)
    {
        if (files.Fingerprint == _fingerprint)
            return;
        _corrected = files.ReportTag is not null;
        (_fingerprint, _unchangedSince, _rung, Done, Complete, _otherReport) = (files.Fingerprint, time.GetTimestamp(), 0, false, null, null);
    }

    /// <summary>There is a report that was not looked into yet.</summary>
    public bool HasNewReport(DropFiles files) => files.ReportTag is not null && files.ReportTag != _otherReport;

    /// <param name="ofThisState">Or of another, which was reported before something changed.</param>
    public void SawReport(DropFiles files, bool ofThisState) => (Done, _otherReport) = (ofThisState, files.ReportTag);

    /// <summary>What keeps the drop from being rung for is only that it changed a moment ago.</summary>
    public bool Settles => !Done && _rung == 0 && !Settled;

    /// <summary>Since this process first saw it.</summary>
    public TimeSpan OpenFor => time.GetElapsedTime(_seen);

    public bool Settled => time.GetElapsedTime(_unchangedSince) >= options.SettlePeriod;

    public bool Quiet => time.GetElapsedTime(_unchangedSince) >= (_corrected ? options.CorrectionPeriod : options.QuietPeriod);

    /// <summary>Whether to ring now: at once, then after RetryAfter, then after twice as long each time.</summary>
    public bool RingIsDue => _rung == 0 || time.GetElapsedTime(_rungAt) >= Pause;

    public void Rang() => (_rungAt, _rung) = (time.GetTimestamp(), _rung + 1);

    /// <summary>A drop that cannot be listed is listed again with the next look, then ever more rarely.</summary>
    public bool LookIsDue => _failed <= 1 || time.GetElapsedTime(_failedAt) >= PauseAfter(_failed - 1);

    public void LookFailed() => (_failedAt, _failed) = (time.GetTimestamp(), _failed + 1);

    public void LookSucceeded() => _failed = 0;

    private TimeSpan Pause => PauseAfter(_rung);

    private TimeSpan PauseAfter(int times) => TimeSpan.FromTicks(Math.Min(options.RetryAtMost.Ticks, options.RetryAfter.Ticks << Math.Min(times - 1, 20)));
}
