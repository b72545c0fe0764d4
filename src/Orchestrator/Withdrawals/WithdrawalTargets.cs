using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Withdrawals;

/// <summary>What a withdrawal is of: a case of a dataset, or a patient in one dataset or in all.</summary>
internal sealed record WithdrawalTarget(string? Dataset, string? Case, string? Patient);

/// <summary>
/// What a name means, over every version of every dataset. A patient's name is one patient in all datasets, as it is for
/// splits; a case's name is its dataset's own.
/// </summary>
internal sealed class WithdrawalTargets(IBlobStore blobs)
{
    private sealed record Known(string Dataset, string Case, string Patient)
    {
        public override string ToString() => $"{Dataset}/{Case}";
    }

    /// <exception cref="UnknownNameException">There is nothing of that name.</exception>
    /// <exception cref="ConflictException">It may be more than one thing; they are listed.</exception>
    public async Task<WithdrawalTarget> ResolveAsync(Withdraw request, CancellationToken cancellation)
    {
        var (dataset, name) = Split(request);
        var known = (await KnownAsync(cancellation)).Where(one => dataset is null || one.Dataset == dataset).ToList();
        var cases = request.Patient ? [] : known.Where(one => one.Case == name).Distinct().ToList();
        var ofPatient = known.Where(one => one.Patient == name).ToList();
        var others = request.Name.Contains('/') ? [] : ofPatient.Where(one => one.Case != name).ToList();
        if (cases.Count > 0 && (others.Count > 0 || cases.DistinctBy(one => one.Dataset).Count() > 1))
            throw Ambiguous(name, cases, others);
        if (cases.Count > 0)
            return new WithdrawalTarget(cases[0].Dataset, name, null);
        if (ofPatient.Count > 0 && !request.Name.Contains('/'))
            return new WithdrawalTarget(dataset, null, name);
        throw new UnknownNameException(
            $"There is no {(request.Patient ? "patient" : "case or patient")} '{name}' in any version of {(dataset is null ? "any dataset" : $"dataset '{dataset}'")}. Names are those of files without folder and extension, and the patients that a drop's dataset.json names.");
    }

    private static (string? Dataset, string Name) Split(Withdraw request)
    {
        var parts = request.Name.Split('/');
        if (parts.Length == 1 && request.Name.Length > 0)
            return (request.Dataset, request.Name);
        if (parts.Length != 2 || parts.Any(part => part.Length == 0) || request.Patient || (request.Dataset is { } named && named != parts[0]))
            throw new DomainException($"'{request.Name}' cannot be withdrawn: give the name of a case or a patient, or dataset/case for one case.");
        return (parts[0], parts[1]);
    }

    private static ConflictException Ambiguous(string name, IReadOnlyList<Known> cases, IReadOnlyList<Known> others)
    {
        var candidates = cases.Select(one => one.ToString()).Distinct().Order(StringComparer.Ordinal).Select(one => $"the case {one} (say {one})").ToList();
        if (others.Count > 0)
            candidates.Add($"the patient '{name}', with {string.Join(", ", cases.Concat(others).Where(one => one.Patient == name).Select(one => one.ToString()).Distinct().Order(StringComparer.Ordinal))} (say --patient)");
        return new ConflictException($"'{name}' may be {string.Join(", or ", candidates)}. Nothing was withdrawn.");
    }

    private async Task<List<Known>> KnownAsync(CancellationToken cancellation)
    {
        var known = new List<Known>();
        foreach (var dataset in (await blobs.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
            foreach (var version in (await blobs.ListFoldersAsync(BlobLayout.Dataset(dataset), cancellation)).Where(PathSegment.Is))
                if (await blobs.TryReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, version), DomainJson.Readable, cancellation) is { Value: var manifest })
                    known.AddRange(manifest.Cases.Select(entry => new Known(dataset, entry.Id, entry.Patient)));
        return [.. known.Distinct()];
    }
}
