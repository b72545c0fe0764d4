using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Output;

internal static class Ledger
{
    public static void Show(Out output, IReadOnlyList<LedgerView> rows) => output.Table("Ledger", rows,
        ("generation", row => row.Generation), ("model", row => $"{row.Line}/{row.Version}"), ("kind", row => row.Kind), ("at", row => row.At),
        ("who", row => row.Who), ("why", row => row.Why), ("uses of the sealed set", row => row.SealedSetUses));
}
