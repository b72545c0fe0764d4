namespace VerSemi.DistributedKit.Faults;

public enum FaultKind
{
    /// <summary>kill -9; another is started in its place.</summary>
    KillOrchestrator,
    KillIngest,
    KillTrainer,

    /// <summary>SIGSTOP, and SIGCONT after a while: longer than a lease, or shorter.</summary>
    PauseOrchestrator,
    PauseIngest,
    PauseTrainer,

    /// <summary>kill -9 of the server; started again on its data.</summary>
    KillBroker,
    KillDatabase,
    BlobOutage,

    /// <summary>Connections to the store break in the middle of an answer.</summary>
    BlobBreak,
    BlobSlowness,

    /// <summary>Messages are taken from a queue, and put back later, in another order, each twice.</summary>
    Messages,

    /// <summary>On the link of one process: a request reaches the server, and the connection breaks in its reply. Three times, if there are as many requests.</summary>
    LostReplyOfBroker,
    LostReplyOfDatabase,
    LostReplyOfBlobs,

    /// <summary>On the link of one process: its connections carry nothing more and stay open, also after new ones work again.</summary>
    HalfOpenBroker,
    HalfOpenDatabase,
    HalfOpenBlobs,

    /// <summary>One process reaches none of its servers, while the others do.</summary>
    RefusedLinks,
    SlowLinks,

    /// <summary>production.json is emptied, cut off, or replaced by garbage or by another line's.</summary>
    DamagedPointer,

    /// <summary>A process is replaced by one whose clock is wrong by up to ten minutes.</summary>
    ClockSkew,
}

/// <param name="After">Since the fault before was over.</param>
/// <param name="Lasts">Until the process goes on, the server is started again, the messages are put back.</param>
/// <param name="Choice">Which process or queue, in 0…1.</param>
public sealed record Fault(int Number, FaultKind Kind, TimeSpan After, TimeSpan Lasts, double Choice)
{
    public override string ToString() => FormattableString.Invariant($"fault {Number}: {Kind} for {Lasts.TotalSeconds:0.0} s");
}

public static class FaultPlan
{
    // A server's restart costs a laptop of two cores seconds: it comes less often than the death of a process.
    private static readonly FaultKind[] Kinds =
    [
        .. Enum.GetValues<FaultKind>(),
        FaultKind.KillOrchestrator, FaultKind.KillIngest, FaultKind.KillTrainer, FaultKind.KillTrainer, FaultKind.PauseTrainer, FaultKind.PauseOrchestrator,
        FaultKind.BlobBreak, FaultKind.BlobOutage, FaultKind.Messages, FaultKind.Messages,
    ];

    /// <summary>The same seed gives the same faults; the first n of a longer plan are those of a shorter one. Every kind comes once in each round of so many as there are.</summary>
    public static IEnumerable<Fault> Of(int seed)
    {
        var random = new Random(seed);
        for (var number = 1; ;)
            foreach (var kind in Shuffled(random))
                yield return new Fault(number++, kind, Seconds(random, 0.1, 3), Lasting(kind, random), random.NextDouble());
    }

    private static FaultKind[] Shuffled(Random random)
    {
        var kinds = Kinds.ToArray();
        random.Shuffle(kinds);
        return kinds;
    }

    private static TimeSpan Lasting(FaultKind kind, Random random) => kind switch
    {
        FaultKind.PauseTrainer => Seconds(random, 1, 9),
        FaultKind.PauseOrchestrator or FaultKind.PauseIngest => Seconds(random, 0.5, 4),
        FaultKind.BlobOutage or FaultKind.BlobSlowness or FaultKind.RefusedLinks or FaultKind.SlowLinks => Seconds(random, 0.5, 4),
        // Longer than a lease, or shorter.
        FaultKind.HalfOpenBroker or FaultKind.HalfOpenDatabase or FaultKind.HalfOpenBlobs => Seconds(random, 1, 9),
        FaultKind.LostReplyOfBroker or FaultKind.LostReplyOfDatabase or FaultKind.LostReplyOfBlobs => Seconds(random, 1, 3),
        _ => Seconds(random, 0, 1.5),
    };

    private static TimeSpan Seconds(Random random, double from, double to) => TimeSpan.FromSeconds(from + (to - from) * random.NextDouble());
}
