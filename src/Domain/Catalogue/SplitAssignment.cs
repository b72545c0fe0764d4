namespace VerSemi.Domain.Catalogue;

/// <summary>
/// Decides which split a patient belongs to, once and for ever (docs/architecture.md, "Splits and judgement").
/// </summary>
/// <remarks>
/// The first commit with enough labelled data ranks its patients by hash, seals the first max(4, 20 %) as test, takes
/// the next max(2, 15 %) for validation and records where the ranks were cut; later patients fall by those thresholds.
/// Patients of <c>labelsTs</c> are test without being ranked: they neither count towards the shares nor towards the ten
/// cases. They are the dataset's test set: beside them no other patient is held out as test, unless the drop asks for it.
/// A dataset that grows from training only to enough labelled data gets its thresholds then, from all its
/// labelled patients, so that they cut fair shares of whoever is still to come; those who trained stay in training, so
/// its first sealed sets may be small, and judgement calls them underpowered until more patients come.
/// </remarks>
public static class SplitAssignment
{
    /// <summary>Fewer labelled cases than this are training only.</summary>
    public const int MinimumCases = 10;

    private const int LeastTest = 4, LeastValidation = 2;
    private const double TestShare = 0.20, ValidationShare = 0.15;

    /// <summary>Fixed for ever: another salt would move patients from training to test.</summary>
    private const string Salt = "versemi/split/1/";

    /// <summary>What a patient is ranked by: 64 hexadecimal digits, in ordinal order. The same in every dataset.</summary>
    public static string Rank(string patient) => ContentHash.OfText(Salt + patient);

    /// <param name="previous">The rule of the dataset's last version; null at its first commit.</param>
    /// <param name="labelled">The patient of each case with a label outside <c>labelsTs</c>: one entry a case.</param>
    /// <param name="sealedTest">The patient of each case of <c>labelsTs</c>: one entry a case.</param>
    /// <param name="holdOutTest">The drop asks for test patients beside those of <c>labelsTs</c>.</param>
    /// <returns>The rule for the new version. Its <see cref="SplitRule.Patients"/> holds every patient named here, and
    /// all of the previous rule's unchanged; no thresholds means training only.</returns>
    public static SplitRule Assign(SplitRule? previous, IReadOnlyCollection<string> labelled, IReadOnlyCollection<string> sealedTest, bool holdOutTest = false)
    {
        var onlySealed = sealedTest.Count > 0 && !holdOutTest;
        var patients = new SortedDictionary<string, Split>(StringComparer.Ordinal);
        foreach (var (patient, split) in previous?.Patients ?? new Dictionary<string, Split>())
            patients.Add(patient, split);
        foreach (var patient in sealedTest)
            patients.TryAdd(patient, Split.Test);

        var (testBelow, validationBelow) = previous is { TestBelow: { } before } && (before.Length > 0 || !holdOutTest)
            ? (previous.TestBelow, previous.ValidationBelow)
            : Thresholds(labelled.Where(patient => previous?.Patients.ContainsKey(patient) == true || !sealedTest.Contains(patient)).ToList(), onlySealed);
        foreach (var patient in labelled)
            patients.TryAdd(patient, SplitOf(Rank(patient), testBelow, validationBelow) is var split && onlySealed && split == Split.Test ? Split.Training : split);
        return new SplitRule(testBelow, validationBelow, patients);
    }

    private static Split SplitOf(string rank, string? testBelow, string? validationBelow) =>
        string.CompareOrdinal(rank, testBelow ?? "") < 0 ? Split.Test
        : string.CompareOrdinal(rank, validationBelow ?? "") < 0 ? Split.Validation
        : Split.Training;

    /// <returns>No rank is below an empty threshold.</returns>
    private static (string? Test, string? Validation) Thresholds(List<string> labelled, bool onlySealed)
    {
        var ranks = labelled.Distinct(StringComparer.Ordinal).Select(Rank).Order(StringComparer.Ordinal).ToList();
        var test = onlySealed ? 0 : Math.Max(LeastTest, Share(ranks.Count, TestShare));
        var validation = Math.Max(LeastValidation, Share(ranks.Count, ValidationShare));
        // Many cases of a handful of patients would leave nobody to train on.
        return labelled.Count < MinimumCases || ranks.Count <= test + validation
            ? (null, null)
            : (onlySealed ? "" : ranks[test], ranks[test + validation]);
    }

    private static int Share(int count, double share) => (int)Math.Round(count * share, MidpointRounding.AwayFromZero);
}
