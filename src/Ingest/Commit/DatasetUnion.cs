using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Commit;

/// <summary>
/// A dataset's next version: the last one and a drop, united. A function of the two alone; united once more with its
/// own result, a drop changes nothing.
/// </summary>
internal sealed class DatasetUnion
{
    private readonly DropPlan _plan;
    private readonly Dictionary<string, string> _leftOut = [];
    private readonly List<string> _notes = [];

    /// <exception cref="DropRefusedException">The drop contradicts the last version.</exception>
    public DatasetUnion(DatasetManifest? previous, DropPlan plan, IReadOnlyCollection<CanonicalCase> accepted, Replacements replacements)
    {
        _plan = plan;
        replacements.Refuse(accepted.Where(found => replacements.Forbid(found.Planned, found.Image, found.Scan)).Select(found => found.Planned.Id));
        _notes.AddRange(replacements.Notes(accepted));
        CheckSomeMarked(previous, accepted);
        _notes.AddRange(ClassNotes.Of(plan.Labels, accepted));
        var candidates = WithoutDuplicates(Unite(previous, accepted));
        var rule = SplitsOf(previous, candidates, plan.HoldOutTest);
        candidates = WithoutPatientsUnderTest(candidates, rule);
        var labelled = candidates.Any(candidate => candidate.Label is not null);
        Manifest = new DatasetManifest
        {
            Name = plan.Dataset,
            Title = plan.Title ?? previous?.Title ?? plan.Dataset,
            Modality = ModalityOf(previous, accepted),
            Labels = labelled ? LabelUnion.Of(previous, plan) : [],
            Splits = rule,
            Cases = [.. candidates.Select(candidate => candidate.ToEntry(candidate.Label is null ? null : rule.Patients[candidate.Patient]))],
            Licence = Newest("licence", previous?.Licence, plan.Licence),
            Consent = Newest("consent", previous?.Consent, plan.Consent),
            Purpose = Newest("purpose", previous?.Purpose, plan.Purpose),
            Description = plan.Description ?? previous?.Description,
            Reference = plan.Reference ?? previous?.Reference,
        };
        if (labelled && rule.TestBelow is null && !rule.Patients.Values.Contains(Split.Test))
            _notes.Add($"Training only: below {SplitAssignment.MinimumCases} labelled cases of enough patients no test set is sealed, so no model can be judged on this dataset.");
        if (candidates.Any(candidate => candidate.Sealed) && !plan.HoldOutTest)
            _notes.Add("labelsTs is the test set: no other labelled case is held out as test. Where more should be, say \"versemi\": {\"holdOutTest\": true} in dataset.json; cases that were taken in before keep their split.");
    }

    public DatasetManifest Manifest { get; }

    /// <summary>Why cases of the drop that passed their own checks are not in the manifest, by id.</summary>
    public IReadOnlyDictionary<string, string> LeftOut => _leftOut;
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What can be refused before a voxel is read.</summary>
    public static void Check(DatasetManifest? previous, DropPlan plan)
    {
        LabelUnion.Of(previous, plan);
        if (previous is not null && plan.Modality is { } said && said != previous.Modality && previous.Labels.Count > 0)
            throw new DropRefusedException($"This drop says modality '{said}', but dataset '{previous.Name}' ({previous.Version}) is '{previous.Modality}'. Give the drop another 'name', or the same modality.");
    }

    /// <summary>Healthy cases may be added to a dataset that marks something; a dataset that marks nothing has lost its labels on the way.</summary>
    private static void CheckSomeMarked(DatasetManifest? previous, IReadOnlyCollection<CanonicalCase> accepted)
    {
        if (previous?.Cases.Any(entry => entry.Label is not null) != true && ClassNotes.AllEmpty(accepted))
            throw new DropRefusedException($"Every label of the drop is empty: of {accepted.Count(found => found.Label is not null)} labelled case(s), not one voxel is marked. Check how the label files were written; without labels, drop the images alone.");
    }

    private string? Newest(string term, string? before, string? said)
    {
        if (before is not null && said is not null && said != before)
            _notes.Add($"The dataset's {term} was '{before}'; this drop says '{said}', which stands for the whole dataset from now on. If that is wrong, give this drop another 'name'.");
        return said ?? before;
    }

    private List<Candidate> Unite(DatasetManifest? previous, IReadOnlyCollection<CanonicalCase> accepted)
    {
        var united = (previous?.Cases ?? []).ToDictionary(entry => entry.Id, Candidate.Of);
        foreach (var found in accepted)
            if (!united.TryGetValue(found.Planned.Id, out var known))
                united[found.Planned.Id] = Candidate.Of(found, isNew: true);
            else if (Replacement(known, found) is { } replacement)
                united[known.Id] = replacement;
        return [.. united.Values.OrderBy(candidate => candidate.Id, StringComparer.Ordinal)];
    }

    /// <summary>The same id again. A label is never lost to an image without one, and a labelled case keeps its patient: it has a split.</summary>
    private Candidate? Replacement(Candidate known, CanonicalCase found)
    {
        var again = Candidate.Of(found, isNew: false);
        if (known.Label is null)
            return again;
        if (again.Label is not null)
            return again with { Patient = known.Patient };
        if (again.Image == known.Image)
            return known with { FromDrop = true };
        _leftOut[known.Id] = $"{found.Planned.Image}: the dataset holds another, labelled image of this name; give this one another name";
        return null;
    }

    /// <summary>Of cases with the same scan one stays: a labelled one, else one that was there, else a sealed one, else the first.</summary>
    private List<Candidate> WithoutDuplicates(List<Candidate> candidates)
    {
        var kept = new HashSet<string>();
        foreach (var same in candidates.GroupBy(candidate => candidate.Scan ?? candidate.Image))
        {
            var ranked = same.OrderBy(c => c.Label is null).ThenBy(c => c.New).ThenByDescending(c => c.Sealed).ThenBy(c => c.Id, StringComparer.Ordinal).ToList();
            kept.Add(ranked[0].Id);
            foreach (var other in ranked.Skip(1))
                LeaveOut(other, $"the same {(other.Image == ranked[0].Image ? "image" : "scan, in another orientation or under another header,")} as case '{ranked[0].Id}'{Difference(ranked[0], other)}; one image cannot be in two splits, so that one was kept");
        }
        return candidates.FindAll(candidate => kept.Contains(candidate.Id));
    }

    private static string Difference(Candidate kept, Candidate other) => (kept.Label, other.Label) switch
    {
        (not null, null) => ", which is labelled",
        (not null, not null) when kept.Label != other.Label && kept.Image == other.Image => ", with another label",
        _ => "",
    };

    private static SplitRule SplitsOf(DatasetManifest? previous, List<Candidate> candidates, bool holdOutTest)
    {
        // Before there are thresholds, only labelsTs of an earlier drop can have made a patient test.
        bool Sealed(Candidate c) => c.Sealed || (previous?.Splits is { TestBelow: null } rule && rule.Patients.GetValueOrDefault(c.Patient) == Split.Test);
        var labelled = candidates.Where(candidate => candidate.Label is not null).ToList();
        return SplitAssignment.Assign(previous?.Splits,
            [.. labelled.Where(candidate => !Sealed(candidate)).Select(candidate => candidate.Patient)],
            [.. labelled.Where(Sealed).Select(candidate => candidate.Patient)], holdOutTest);
    }

    /// <summary>A patient is in one split: other images of a test or validation patient are not trained on either.</summary>
    private List<Candidate> WithoutPatientsUnderTest(List<Candidate> candidates, SplitRule rule)
    {
        var kept = new List<Candidate>();
        foreach (var candidate in candidates)
            if (candidate.Label is null && rule.Patients.TryGetValue(candidate.Patient, out var split) && split != Split.Training)
                LeaveOut(candidate, $"it is unlabelled, and patient '{candidate.Patient}' is in the {(split == Split.Test ? "sealed test" : "validation")} split; the patient's other images must not be trained on");
            else
                kept.Add(candidate);
        return kept;
    }

    private void LeaveOut(Candidate candidate, string reason)
    {
        if (candidate.FromDrop)
            _leftOut[candidate.Id] = $"{FileOf(candidate)}: {reason}";
        else
            _notes.Add($"Case '{candidate.Id}' of an earlier drop leaves the dataset: {reason}.");
    }

    private string FileOf(Candidate candidate) => _plan.Cases.First(planned => planned.Id == candidate.Id).Image;

    private string ModalityOf(DatasetManifest? previous, IReadOnlyCollection<CanonicalCase> accepted)
    {
        if ((_plan.Modality ?? previous?.Modality) is { } known)
            return known;
        var guess = Modalities.Guess([.. accepted.Select(found => found.Smallest)]);
        _notes.Add($"The drop names no modality; by the images' smallest values it was taken for {guess}. If that is wrong, add a dataset.json with \"modality\": {{\"0\": \"…\"}}.");
        return guess;
    }
}
