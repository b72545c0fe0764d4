using VerSemi.Domain.Models;
using VerSemi.Domain.Promotion;

namespace VerSemi.Cli.Demo;

/// <summary>What the demo promises, checked against what happened.</summary>
internal sealed class DemoPromise(DemoFacts facts, ProductionPointer? production)
{
    private const double Dice = 0.80;
    private static readonly double Margin = new PromotionPolicy().Margin;

    public double MeanDice { get; } = facts.SecondReport.Tasks.Select(facts.SecondReport.MeanDice).DefaultIfEmpty(double.NaN).Average();

    public IReadOnlyList<(string Promise, bool Kept)> Promises =>
    [
        ("two promotions in the ledger", facts.Ledger.Count == 2 && facts.Ledger.All(row => row.Kind == "promotion")),
        ("production.json at generation 2", production is { Generation: 2 } && production.Version == facts.Second.Model.Version),
        ("the label space grew by a target", facts.SecondReport.Tasks.Count() == facts.FirstReport.Tasks.Count() + 1),
        ($"no old task worse by {Margin:0.00} or more", facts.FirstReport.Tasks.All(task => facts.SecondReport.MeanDice(task) > facts.FirstReport.MeanDice(task) - Margin)),
        ($"mean Dice at least {Dice:0.00}", MeanDice >= Dice),
    ];

    public bool IsKept => Promises.All(promise => promise.Kept);
}
