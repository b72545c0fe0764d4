using System.CommandLine;
using System.Globalization;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Cli.Segmentation;
using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Evaluation;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi segment IMAGE`: masks of a NIfTI file or a DICOM series on the image's own grid, by the model in production, of a data folder or of a running platform.</summary>
internal static class SegmentCommand
{
    private static readonly Argument<string> Image = new("IMAGE") { Description = "A NIfTI file, or a folder with a DICOM series" };
    private static readonly Option<int?> Series = new("--series") { Description = "Which volume of a DICOM folder that holds several, counted from 1" };
    private static readonly Option<string[]> Tasks = new("--task") { Description = "Only this task, by id or name; may be repeated (default: every task of the image's modality)", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Model = new("--model") { Description = "A model, as 3 or main/3, or a folder that holds model.json, as 'versemi train' names it (default: the one in production)" };
    private static readonly Option<string> Folder = new("--out", "-o") { Description = "Folder for the masks, the label map and its table", Required = true };
    private static readonly Option<string?> Modality = new("--modality") { Description = "The image's modality, e.g. CT (needed where the model knows several)" };
    private static readonly Option<int?> Channel = new("--channel") { Description = "Which channel of a 4-D image, counted from 0 (default: 0, with a warning)" };
    private static readonly Option<bool> Probabilities = new("--probabilities") { Description = "Also write each task's calibrated foreground probability: IMAGE_TASK_probability.nii.gz, float32 from 0 to 1 on the image's own grid (log(p/(1-p)) is the difference of the two logits, divided by the task's temperatures in model.json where it has any)" };
    private static readonly Option<bool> Entropy = new("--entropy") { Description = "Also write the entropy map: IMAGE_entropy.nii.gz, float32 in bits on the image's own grid, 0 where every task is certain, 1 where one is at one half" };

    private static readonly Option<bool> DicomSeg = new("--dicom-seg") { Description = "Also write the masks as a DICOM segmentation on the slices of the series: IMAGE_seg.dcm" };
    private static readonly Option<bool> EmptyFrames = new("--empty-frames") { Description = "With --dicom-seg: also frames in which nothing is marked, which some viewers need (default: left out)" };

    public static Command Create()
    {
        var command = new Command("segment", "Segment an image with the model in production") { Image, Series, Tasks, Model, Folder, Modality, Channel, Probabilities, Entropy, DicomSeg, EmptyFrames };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, image) = (Out.Of(parsed), Path.GetFullPath(parsed.GetValue(Image)!));
            using var input = SegmentInput.Open(image, parsed.GetValue(Series));
            if (parsed.GetValue(DicomSeg) && input.Volume is null)
                throw new UsageException("--dicom-seg needs a DICOM series: a segmentation lies on the slices of its source.");
            var done = parsed.Servers().Count > 0 ? await RemoteAsync(input, parsed, output, cancellation) : await HereAsync(input, parsed, output, cancellation);
            if (parsed.GetValue(DicomSeg))
                DicomOutput.Write(input, done, FolderOf(parsed), parsed.GetValue(EmptyFrames), TimeProvider.System);
            foreach (var warning in input.Warnings.Concat(done.Warnings))
                await Console.Error.WriteLineAsync($"warning: {Path.GetFileName(image)}: {warning}");
            output.Table($"{done.Model} on {Path.GetFileName(image)}", done.Rows,
                ("value", r => r.Value), ("task", r => r.Task), ("voxels", r => r.Voxels), ("millilitres", r => r.Millilitres), ("confidence", r => r.Confidence), ("mask", r => r.Mask));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<SegmentedImage> HereAsync(SegmentInput input, ParseResult parsed, Out output, CancellationToken cancellation)
    {
        var (name, loaded) = await LoadAsync(parsed, cancellation);
        using var segmenter = loaded;
        var (modality, tasks) = Choose(segmenter.Model, input, parsed);
        var request = new SegmentRequest(input.Image, parsed.GetValue(Channel), modality, FolderOf(parsed), parsed.GetValue(Probabilities), parsed.GetValue(Entropy));
        return await output.WithProgressAsync(view => Task.Run(() => ImageSegmentation.Run(segmenter, name, request, tasks, view, cancellation), cancellation));
    }

    private static async Task<(string Name, Segmenter Segmenter)> LoadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Model) is { } folder && Directory.Exists(folder))
            return await ModelFolder.LoadAsync(folder, cancellation);
        var store = new ReadOnlyModels(parsed.DataFolder());
        var (line, version) = parsed.GetValue(Model) is { } id ? Ask.ModelOf(id) : await store.InProductionAsync("main", cancellation);
        return ($"{line}/{version}", await store.LoadAsync(line, version, cancellation));
    }

    private static async Task<SegmentedImage> RemoteAsync(SegmentInput input, ParseResult parsed, Out output, CancellationToken cancellation)
    {
        if (parsed.GetValue(Model) is not null || parsed.GetValue(Probabilities))
            throw new UsageException("A server segments by its model in production and answers with a label map: leave --model and --probabilities out, or work on a data folder with --data.");
        if (!File.Exists(input.Image))
            throw new DomainException($"There is no file {input.Image}.");
        var query = (parsed.GetValue(Tasks) ?? []).Select(task => KeyValuePair.Create("task", task)).ToList();
        if ((parsed.GetValue(Modality) ?? input.Modality) is { } modality)
            query.Add(KeyValuePair.Create("modality", modality));
        if (parsed.GetValue(Channel) is { } channel)
            query.Add(KeyValuePair.Create("channel", channel.ToString(CultureInfo.InvariantCulture)));
        if (parsed.GetValue(Entropy))
            query.Add(KeyValuePair.Create("entropy", "true"));
        await using var session = await RemoteSession.OpenAsync(parsed.Servers(), cancellation);
        try
        {
            return await output.WithProgressAsync(view => new RemoteSegmentation(session.Api, input.Image, FolderOf(parsed)).RunAsync(query, view, cancellation));
        }
        catch (FaultyRequestException e)
        {
            throw new UsageException($"{e.Message} See --modality and --task.");
        }
    }

    private static string FolderOf(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Folder)!);

    private static (string Modality, IReadOnlyList<SegmentationTask> Tasks) Choose(ModelManifest model, SegmentInput input, ParseResult parsed)
    {
        try
        {
            var modality = TaskChoice.ModalityOf(model, parsed.GetValue(Modality) ?? input.Modality);
            return (modality, TaskChoice.Choose(model, parsed.GetValue(Tasks) ?? [], modality));
        }
        catch (DomainException e)
        {
            throw new UsageException($"{e.Message} See --modality and --task.");
        }
    }
}
