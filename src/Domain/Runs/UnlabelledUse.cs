using System.Globalization;

namespace VerSemi.Domain.Runs;

/// <summary>What one prediction says of the unlabelled images.</summary>
/// <param name="Foreground">Share of their voxels, 0…1.</param>
/// <param name="Expected">Share in the labelled volumes whose patches the epoch saw; null where it saw none.</param>
public sealed record PredictedShare(double Foreground, double? Expected);

public enum CollapseKind { Empty, Full }

/// <summary>A prediction that has collapsed.</summary>
/// <param name="Task">Its id; <see cref="UnlabelledUse.Synthetic"/> for the synthetic task.</param>
public sealed record Collapse(string Task, CollapseKind Kind, PredictedShare Share)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"the prediction of '{Task}' on unlabelled images has collapsed to {(Kind == CollapseKind.Empty ? "empty" : "full")}: {Share.Foreground:0.000 %} foreground, where labelled volumes have {Share.Expected:0.000 %}");
}

/// <param name="Step">With which the epoch ended that raised it.</param>
public sealed record CollapseAlarm(int Step, Collapse Collapse)
{
    public override string ToString() => $"{Collapse} (step {Step})";
}

/// <summary>How much unlabelled images contributed to an epoch of stage 2: the steps between two validations.</summary>
/// <param name="Patches">Unlabelled patches seen.</param>
/// <param name="Agreement">Dice of P and the synthetic task's prediction, both at ½, outside the pasted cubes; null where the recipe asks for no P.</param>
/// <param name="Shares">By task id, and <see cref="Synthetic"/>; only what was asked.</param>
public sealed record UnlabelledUse(int Patches, double? Agreement, IReadOnlyDictionary<string, PredictedShare> Shares, IReadOnlyList<Collapse> Alarms)
{
    public const string Synthetic = "synthetic";

    /// <summary>A prediction is empty below this fraction of the foreground that labelled volumes have: far below what a small or blurred target gives.</summary>
    public const double EmptyBelow = 0.02;

    /// <summary>… and full below this fraction of the background that labelled volumes have.</summary>
    public const double FullBelow = 0.2;

    /// <summary>Fewer patches may by chance have missed a target.</summary>
    public const int EnoughPatches = 16;

    /// <param name="expectedTasks">Ids of the tasks that the unlabelled images' own datasets annotate: others may rightly be empty there.</param>
    public static UnlabelledUse Of(int patches, double? agreement, IReadOnlyDictionary<string, PredictedShare> shares, IReadOnlySet<string> expectedTasks)
    {
        var suspects = patches < EnoughPatches ? [] : shares.Where(pair => pair.Key == Synthetic || expectedTasks.Contains(pair.Key));
        return new UnlabelledUse(patches, agreement, shares, [.. suspects.Select(pair => CollapseOf(pair.Key, pair.Value)).OfType<Collapse>()]);
    }

    private static Collapse? CollapseOf(string task, PredictedShare share) => share switch
    {
        { Expected: { } expected } when share.Foreground < EmptyBelow * expected => new Collapse(task, CollapseKind.Empty, share),
        { Expected: { } expected } when 1 - share.Foreground < FullBelow * (1 - expected) => new Collapse(task, CollapseKind.Full, share),
        _ => null,
    };
}
