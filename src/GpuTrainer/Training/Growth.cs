using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// How a run treats what its champion knows. A function of the run and of the champion in the store, so that a resumed
/// attempt settles it as the first one did.
/// </summary>
public sealed class Growth : IDisposable
{
    /// <summary>Old prompts that the teacher is asked in a step: memory does not grow with the number of tasks.</summary>
    private const int PromptsAStep = 4;

    /// <summary>The stages' draws are 1 and 2.</summary>
    private const int Draw = 3;

    private readonly RunSpecification _run;
    private readonly VerSemiNetwork? _teacher;
    private readonly int _known;

    /// <param name="known">Prompt columns of the champion.</param>
    private Growth(RunSpecification run, GrowthMode mode, int known, VerSemiNetwork? teacher = null) => (_run, Mode, _known, _teacher) = (run, mode, known, teacher);

    /// <summary>As it is done: joint where the recipe's mode has nothing to hold on to.</summary>
    public GrowthMode Mode { get; }

    /// <summary>Of the tasks whose answers stay as the champion's, by id; a task that is not named is not calibrated there, either.</summary>
    public IReadOnlyDictionary<string, TaskTemperatures> HeldTemperatures { get; private init; } = new Dictionary<string, TaskTemperatures>();

    /// <summary>True: every bit of the task's answers stays as the champion's.</summary>
    public bool Holds(SegmentationTask task) => Mode == GrowthMode.HeadOnly && task.Column < _known;

    /// <param name="note">Told where the recipe's mode is not the one that is done.</param>
    /// <exception cref="DomainException">The champion cannot be grown from as the recipe asks.</exception>
    public static async Task<Growth> MakeAsync(RunSpecification run, IBlobStore store, Device device, Action<string> note, CancellationToken cancellation)
    {
        if (run.Recipe.Growth == GrowthMode.Joint)
            return new Growth(run, GrowthMode.Joint, 0);
        if (run.Champion is not { } version)
        {
            note($"Line {run.Line} has no champion yet: its first training is joint, although the recipe's growth is {run.Recipe.Growth}.");
            return new Growth(run, GrowthMode.Joint, 0);
        }
        var folder = BlobLayout.Model(run.Line, version);
        var champion = await store.ReadJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        var known = champion.LabelSpace.Columns;
        RequireFit(run, champion.Recipe);
        if (run.LabelSpace.ActiveTasks.All(task => task.Column < known))
            return WithoutNewTask(run, note);
        return new Growth(run, run.Recipe.Growth, known, run.Recipe.Growth == GrowthMode.Distillation ? await TeacherAsync(store, folder, device, cancellation) : null)
        {
            HeldTemperatures = run.Recipe.Growth == GrowthMode.HeadOnly ? champion.Temperatures : new Dictionary<string, TaskTemperatures>(),
        };
    }

    private static void RequireFit(RunSpecification run, TrainingRecipe champion)
    {
        var recipe = run.Recipe;
        List<(string Member, object Own, object Champion)> members = [("network", recipe.Network, champion.Network), ("width", recipe.Width, champion.Width), ("norm", recipe.Norm, champion.Norm)];
        if (recipe.Growth == GrowthMode.HeadOnly) // what else the bits of an old answer depend on
            members.AddRange([("precision", recipe.Precision, champion.Precision), ("patch", string.Join('×', recipe.Patch), string.Join('×', champion.Patch)), ("overlap", recipe.Overlap, champion.Overlap)]);
        var differing = members.Where(member => !member.Own.Equals(member.Champion)).Select(member => FormattableString.Invariant($"{member.Member} {member.Own} (champion: {member.Champion})")).ToList();
        if (differing.Count > 0)
            throw new DomainException($"Recipe '{recipe.Name}' grows from champion {run.Line}/{run.Champion} by {recipe.Growth}, which needs the champion's own values, but has {string.Join(", ", differing)}. Take the champion's, or growth joint.");
    }

    private static Growth WithoutNewTask(RunSpecification run, Action<string> note)
    {
        if (run.Recipe.Growth == GrowthMode.HeadOnly)
            throw new DomainException($"Recipe '{run.Recipe.Name}' trains new prompt columns alone, but champion {run.Line}/{run.Champion} knows every task of label space v{run.LabelSpace.Version}: there is nothing to train. Drop data with a new target, or take a recipe with growth joint.");
        note($"Champion {run.Line}/{run.Champion} knows every task of label space v{run.LabelSpace.Version}: the training is joint, although the recipe's growth is {run.Recipe.Growth}.");
        return new Growth(run, GrowthMode.Joint, 0);
    }

    private static async Task<VerSemiNetwork> TeacherAsync(IBlobStore store, string folder, Device device, CancellationToken cancellation)
    {
        var (_, teacher) = await ModelFiles.LoadAsync(store, folder, device, cancellation);
        teacher.eval();
        return teacher;
    }

    /// <summary>
    /// What feeds the samplers. Distillation: labelled cases of datasets that bring a new task, unlabelled ones of all.
    /// Head-only: cases that are annotated for a new task, and of their labels the new tasks alone.
    /// </summary>
    public TrainingData DataOf(TrainingData all) => Mode switch
    {
        GrowthMode.Distillation => new TrainingData(all.Space, [.. all.Datasets.Select(dataset => BringsNew(all.Space, dataset) ? dataset : dataset with { Labels = [], Cases = [.. dataset.Unlabelled] })]),
        GrowthMode.HeadOnly => new TrainingData(all.Space, [.. all.Datasets.Where(dataset => BringsNew(all.Space, dataset)).Select(dataset => dataset with { Labels = [.. dataset.Labels.Where(label => IsNew(all.Space, label))] })]),
        _ => all,
    };

    /// <summary>
    /// Head-only: leaves a gradient to the prompt columns alone. Of these the old ones are never asked, so that theirs is
    /// 0, and without weight decay Adam leaves them as they are, to the bit; the average of equal weights is equal too.
    /// </summary>
    public void Freeze(VerSemiNetwork network)
    {
        if (Mode == GrowthMode.HeadOnly)
            network.FreezeAllButColumns();
    }

    /// <summary>The term that holds old prompts to the champion's answers; null unless by distillation.</summary>
    /// <param name="step">Global, from 0: old prompts take turns.</param>
    public Distillation? At(int step) => _teacher is null ? null : new Distillation(_teacher, OldPrompts(step), _run.Recipe.DistillationWeight);

    private List<Prompt> OldPrompts(int step)
    {
        var old = _run.LabelSpace.ActiveTasks.Where(task => task.Column < _known).Select(task => new Prompt(task.Column)).ToList();
        if (old.Count <= PromptsAStep)
            return old;
        return [.. Enumerable.Range(0, PromptsAStep).Select(i =>
        {
            var (round, place) = Math.DivRem((long)step * PromptsAStep + i, old.Count);
            return old[CounterRandom.At(_run.Seed, Draw, round).Permutation(old.Count)[place]];
        }).Distinct()];
    }

    private bool BringsNew(LabelSpace space, DatasetManifest dataset) => dataset.Labels.Any(label => IsNew(space, label));

    private bool IsNew(LabelSpace space, LabelDeclaration label) => space.Require(label.TaskId).Column >= _known;

    public void Dispose() => _teacher?.Dispose();
}
