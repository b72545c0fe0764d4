using VerSemi.Domain.Catalogue;

namespace VerSemi.Domain.Triggers;

/// <summary>How two versions of one dataset differ, in cases: what is new, changed (another image or label) or gone counts one.</summary>
public static class CaseComparison
{
    /// <param name="before">Null: the dataset is new.</param>
    public static (int Labelled, int Unlabelled) Count(DatasetManifest? before, DatasetManifest now)
    {
        var old = (before?.Cases ?? []).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        var (labelled, unlabelled) = (0, 0);
        foreach (var entry in now.Cases)
        {
            if (old.Remove(entry.Id, out var known) && known.Image == entry.Image && known.Label == entry.Label)
                continue;
            // A case that lost its label is a change of what is labelled.
            if (entry.Label is not null || known?.Label is not null)
                labelled++;
            else
                unlabelled++;
        }
        var gone = old.Values.Count(entry => entry.Label is not null);
        return (labelled + gone, unlabelled + old.Count - gone);
    }
}
