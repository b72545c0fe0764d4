-- A database as version 2 left it: the same, with two candidates a cycle, a schedule, firings and a withdrawal. Never edit it: add a file for each version.

BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);
INSERT INTO __EFMigrationsHistory VALUES('20261123035311_First','10.0.15');
INSERT INTO __EFMigrationsHistory VALUES('20261125034309_Distributed','10.0.15');
CREATE TABLE IF NOT EXISTS "attempts" (
    "Run" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "Work" TEXT NOT NULL,
    "Worker" TEXT NOT NULL,
    "StartedAt" TEXT NOT NULL,
    "EndedAt" TEXT NULL,
    "Outcome" TEXT NULL,
    "Failure" TEXT NULL,
    "Reason" TEXT NULL,
    "Progress" TEXT NULL, "PeakMemoryBytes" INTEGER NULL,
    CONSTRAINT "PK_attempts" PRIMARY KEY ("Run", "Number")
);
INSERT INTO attempts VALUES('57f662f770c3',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:11.2008356Z','2026-11-25T14:46:11.4941849Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('d30e2bdbfccf',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:12.1411613Z','2026-11-25T14:46:12.1605584Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('57f662f770c3',2,'Evaluate','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:12.1997676Z','2026-11-25T14:46:12.2685047Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('94ce1cbdff3b',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:12.8781094Z','2026-11-25T14:46:12.8957060Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('325c7e8f0774',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:12.9082326Z','2026-11-25T14:46:12.9205443Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('94ce1cbdff3b',2,'Evaluate','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:12.9386998Z','2026-11-25T14:46:12.9550027Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('7c7fd2260a13',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:13.3972348Z','2026-11-25T14:46:13.4458780Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('3d91d5d93a17',1,'Train','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:13.4549976Z','2026-11-25T14:46:13.4672900Z','Done',NULL,NULL,NULL,NULL);
INSERT INTO attempts VALUES('7c7fd2260a13',2,'Evaluate','tiny-fac8e6bfe10640548374776fa12a26ef','2026-11-25T14:46:13.4817123Z','2026-11-25T14:46:13.4954970Z','Done',NULL,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "cycles" (
    "CorrelationId" TEXT NOT NULL CONSTRAINT "PK_cycles" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Id" TEXT NOT NULL,
    "Line" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "State" TEXT NOT NULL,
    "Reason" TEXT NULL,
    "DueAt" TEXT NULL,
    "Awaits" TEXT NULL,
    "Attempt" INTEGER NOT NULL,
    "Datasets" TEXT NOT NULL,
    "Recipe" TEXT NOT NULL,
    "Seed" INTEGER NOT NULL,
    "StartedBy" TEXT NULL,
    "Why" TEXT NULL,
    "LabelSpace" INTEGER NULL,
    "Run" TEXT NULL,
    "Champion" INTEGER NULL,
    "Judgement" TEXT NULL,
    "SealedSet" TEXT NULL,
    "ApprovedBy" TEXT NULL,
    "ApprovedWhy" TEXT NULL,
    "Model" INTEGER NULL,
    "Generation" INTEGER NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NOT NULL
, "Candidates" TEXT NULL, "FailedIn" TEXT NULL, "RungAt" TEXT NULL, "Schedule" TEXT NULL, "ScheduledFor" TEXT NULL, "TraceParent" TEXT NULL, "Workflow" INTEGER NOT NULL DEFAULT 1);
INSERT INTO cycles VALUES('5350DF89-D87D-5025-45C5-1A11011F7868',9,'main-1','main',1,'Completed','main/1 went into production as generation 1.',NULL,NULL,0,'{"liver":"6a21dc6ef146"}','{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: liver/6a21dc6ef146',1,'57f662f770c3',NULL,'{"decision":"promote","reason":"Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','242b895fc6247c32ada42d23ae5bc2569d1806cff4ba1a8f41dcbcc40ca7c272',NULL,NULL,1,1,'2026-11-25T14:46:10.6710151Z','2026-11-25T14:46:12.6198152Z','[{"run":"57f662f770c3","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":1,"end":"Trained"},{"run":"d30e2bdbfccf","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":2,"end":"Trained"}]',NULL,NULL,NULL,NULL,NULL,2);
INSERT INTO cycles VALUES('64640204-D54D-3953-C009-263B1A7860F6',9,'main-2','main',2,'Completed','main/2 went into production as generation 2.',NULL,NULL,0,'{"liver":"6a21dc6ef146","spleen":"f51fb6a2243e"}','{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: spleen/f51fb6a2243e',2,'94ce1cbdff3b',1,'{"decision":"promote","reason":"Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','838e566ceed276a6b45ec28c7bf8e6db134b878d5987725875bf43bbf4bbe81c',NULL,NULL,2,2,'2026-11-25T14:46:12.6702805Z','2026-11-25T14:46:13.0478606Z','[{"run":"94ce1cbdff3b","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":1,"end":"Trained"},{"run":"325c7e8f0774","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":2,"end":"Trained"}]',NULL,NULL,NULL,NULL,NULL,2);
INSERT INTO cycles VALUES('2B330897-E9E0-FC5E-E990-C28CB5608ED6',7,'main-3','main',3,'AwaitingApproval','It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL,NULL,0,'{"kidney":"831c8cf8cd38","liver":"6a21dc6ef146","spleen":"f51fb6a2243e"}','{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: kidney/831c8cf8cd38',3,'7c7fd2260a13',2,'{"decision":"needsApproval","reason":"It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0032996700329967,"better":true,"outcome":"pass","reason":"better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"kidney/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','c35fff3abdaaa5055caf222144bebad51def20d01b79a0d387c246f52878f185',NULL,NULL,NULL,NULL,'2026-11-25T14:46:13.2060097Z','2026-11-25T14:46:13.5291611Z','[{"run":"7c7fd2260a13","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":1,"end":"Trained"},{"run":"3d91d5d93a17","recipe":{"name":"demo","auto":false,"width":8,"norm":"batch","precision":"float32","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"accumulate":1,"stage1Steps":240,"stage2Steps":80,"learningRate":0.001,"learningRateDecayPower":0.9,"promptLearningRateFactor":10,"promptInitialScale":1,"warmStartLearningRateFactor":0.2,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"teacher":"none","teacherWeight":1,"teacherRampSteps":0,"growth":"joint","distillationWeight":1,"foregroundShare":0.5,"taskSampling":"balanced","augmentation":"none","flipAxes":[],"augmentationRanges":{"flipProbability":0.5,"rotationProbability":0.2,"rotationDegrees":30,"scalingProbability":0.2,"scaleLow":0.7,"scaleHigh":1.4,"biasFieldProbability":0.15,"biasFieldStrength":0.2,"gammaProbability":0.3,"gammaLow":0.7,"gammaHigh":1.5,"noiseProbability":0.1,"noiseDeviation":0.1},"validateEvery":80,"checkpointEvery":25,"overlap":0.5},"seed":2,"end":"Trained"}]',NULL,NULL,NULL,NULL,NULL,2);
CREATE TABLE IF NOT EXISTS "datasets" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_datasets" PRIMARY KEY,
    "Version" TEXT NOT NULL,
    "Generation" INTEGER NOT NULL,
    "Drop" TEXT NOT NULL,
    "CommittedAt" TEXT NOT NULL,
    "Title" TEXT NOT NULL,
    "Modality" TEXT NOT NULL,
    "Training" INTEGER NOT NULL,
    "Validation" INTEGER NOT NULL,
    "Test" INTEGER NOT NULL,
    "Unlabelled" INTEGER NOT NULL,
    "Tasks" TEXT NOT NULL
, "TraceParent" TEXT NULL);
INSERT INTO datasets VALUES('liver','6a21dc6ef146',1,'drop','2026-11-25T14:46:10.1052292Z','','MRI',4,0,8,0,'["liver/organ"]',NULL);
INSERT INTO datasets VALUES('spleen','f51fb6a2243e',1,'drop','2026-11-25T14:46:12.6548243Z','','MRI',4,0,8,0,'["spleen/organ"]',NULL);
INSERT INTO datasets VALUES('kidney','831c8cf8cd38',1,'drop','2026-11-25T14:46:13.1898324Z','','MRI',4,0,8,0,'["kidney/organ"]',NULL);
CREATE TABLE IF NOT EXISTS "label_spaces" (
    "Line" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "Space" TEXT NOT NULL,
    "Hash" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "Origin" TEXT NOT NULL,
    CONSTRAINT "PK_label_spaces" PRIMARY KEY ("Line", "Version")
);
INSERT INTO label_spaces VALUES('main',1,'{"version":1,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0}]}','292c327c9d99f4e634639da52f7da3ae99b47fc8e8c33e25b793ff9531714bc0','2026-11-25T14:46:10.9062518Z','cycle main-1');
INSERT INTO label_spaces VALUES('main',2,'{"version":2,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0},{"id":"spleen/organ","name":"organ","modality":"MRI","column":1}]}','27c6d4e593944c5e73cb1ff60c6b1c0726f10907caf546ad281b59d545a4e011','2026-11-25T14:46:12.8518012Z','cycle main-2');
INSERT INTO label_spaces VALUES('main',3,'{"version":3,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0},{"id":"spleen/organ","name":"organ","modality":"MRI","column":1},{"id":"kidney/organ","name":"organ","modality":"MRI","column":2}]}','68e583f1cf545e7f4e5625d40af942d73aed960492223b08e59f4827208b1421','2026-11-25T14:46:13.3693027Z','cycle main-3');
CREATE TABLE IF NOT EXISTS "leases" (
    "Run" TEXT NOT NULL CONSTRAINT "PK_leases" PRIMARY KEY,
    "Attempt" INTEGER NOT NULL,
    "Worker" TEXT NOT NULL,
    "Work" TEXT NOT NULL,
    "ExpiresAt" TEXT NOT NULL,
    "CancelRequested" INTEGER NOT NULL,
    "Progress" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "ledger" (
    "Line" TEXT NOT NULL,
    "Generation" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "Who" TEXT NULL,
    "Why" TEXT NULL,
    "At" TEXT NOT NULL,
    "Cycle" TEXT NULL,
    "SealedSetUses" INTEGER NULL,
    "Judgement" TEXT NULL,
    CONSTRAINT "PK_ledger" PRIMARY KEY ("Line", "Generation")
);
INSERT INTO ledger VALUES('main',1,1,'promotion',NULL,'Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.','2026-11-25T14:46:12.5352237Z','main-1',1,'{"decision":"promote","reason":"Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}');
INSERT INTO ledger VALUES('main',2,2,'promotion',NULL,'Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.','2026-11-25T14:46:13.0264819Z','main-2',1,'{"decision":"promote","reason":"Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}');
INSERT INTO ledger VALUES('main',3,1,'rollback','ann',NULL,'2026-11-25T14:46:13.4157177Z',NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "models" (
    "Line" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "Run" TEXT NOT NULL,
    "Cycle" TEXT NOT NULL,
    "Ready" INTEGER NOT NULL,
    "Parent" TEXT NULL,
    "Datasets" TEXT NOT NULL,
    "Tasks" TEXT NOT NULL,
    "MeanDice" REAL NULL,
    "TaskDice" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    CONSTRAINT "PK_models" PRIMARY KEY ("Line", "Version")
);
INSERT INTO models VALUES('main',1,'57f662f770c3','main-1',1,NULL,'["liver/6a21dc6ef146"]','["liver/organ"]',0.79999999999999993338,'{"liver/organ":0.7999999999999999}','2026-11-25T14:46:12.4473009Z');
INSERT INTO models VALUES('main',2,'94ce1cbdff3b','main-2',1,'main/1','["liver/6a21dc6ef146","spleen/f51fb6a2243e"]','["liver/organ","spleen/organ"]',0.79999999999999993338,'{"liver/organ":0.7999999999999999,"spleen/organ":0.7999999999999999}','2026-11-25T14:46:13.0199951Z');
CREATE TABLE IF NOT EXISTS "runs" (
    "CorrelationId" TEXT NOT NULL CONSTRAINT "PK_runs" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Id" TEXT NOT NULL,
    "Line" TEXT NOT NULL,
    "Cycle" TEXT NOT NULL,
    "State" TEXT NOT NULL,
    "Reason" TEXT NULL,
    "DueAt" TEXT NULL,
    "Calls" INTEGER NOT NULL,
    "Attempt" INTEGER NOT NULL,
    "TrainedAttempt" INTEGER NULL,
    "InfrastructureFailures" INTEGER NOT NULL,
    "OutOfMemoryFailures" INTEGER NOT NULL,
    "DataFailures" INTEGER NOT NULL,
    "CodeFailures" INTEGER NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NOT NULL
, "Evaluate" INTEGER NOT NULL DEFAULT 1, "RungAt" TEXT NULL, "TraceParent" TEXT NULL, "ValidationDice" REAL NULL);
INSERT INTO runs VALUES('4AD9E6D6-FCC7-AE95-5448-1FDB98194B93',6,'57f662f770c3','main','main-1','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-25T14:46:11.0591662Z','2026-11-25T14:46:12.2700587Z',1,NULL,NULL,NULL);
INSERT INTO runs VALUES('DB3C200A-ED58-F1BA-6066-B45DFD1FCE25',4,'d30e2bdbfccf','main','main-1','Trained',NULL,NULL,0,1,1,0,0,0,0,'2026-11-25T14:46:11.0731680Z','2026-11-25T14:46:12.1611905Z',0,NULL,NULL,NULL);
INSERT INTO runs VALUES('C23AD206-BD33-4EEC-F6E8-7A2FAA103FAE',6,'94ce1cbdff3b','main','main-2','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-25T14:46:12.8692292Z','2026-11-25T14:46:12.9555336Z',1,NULL,NULL,NULL);
INSERT INTO runs VALUES('983EE899-B9EC-5AD3-BF85-E44D9DC8E37A',3,'325c7e8f0774','main','main-2','Trained',NULL,NULL,0,1,1,0,0,0,0,'2026-11-25T14:46:12.8742168Z','2026-11-25T14:46:12.9209988Z',0,NULL,NULL,NULL);
INSERT INTO runs VALUES('AB200C03-C82C-46AB-C600-B94D5B3A59D4',6,'7c7fd2260a13','main','main-3','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-25T14:46:13.3803861Z','2026-11-25T14:46:13.4958689Z',1,NULL,NULL,NULL);
INSERT INTO runs VALUES('F5E57913-A740-26ED-9D3E-3D82EEB933AA',3,'3d91d5d93a17','main','main-3','Trained',NULL,NULL,0,1,1,0,0,0,0,'2026-11-25T14:46:13.3838869Z','2026-11-25T14:46:13.4676593Z',0,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "timeline" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_timeline" PRIMARY KEY AUTOINCREMENT,
    "At" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "Subject" TEXT NOT NULL,
    "Event" TEXT NOT NULL,
    "From" TEXT NULL,
    "To" TEXT NULL,
    "Detail" TEXT NULL,
    "Who" TEXT NULL
);
INSERT INTO timeline VALUES(1,'2026-11-25T14:46:10.1079348Z','dataset','liver','committed',NULL,NULL,'version 6a21dc6ef146, commit 1, from drop ''drop''',NULL);
INSERT INTO timeline VALUES(2,'2026-11-25T14:46:10.5491065Z','cycle','main-1','started',NULL,NULL,'new data: liver/6a21dc6ef146',NULL);
INSERT INTO timeline VALUES(3,'2026-11-25T14:46:10.6718900Z','cycle','main-1','state',NULL,'Collecting',NULL,NULL);
INSERT INTO timeline VALUES(4,'2026-11-25T14:46:10.8237642Z','cycle','main-1','state','Collecting','Expanding',NULL,NULL);
INSERT INTO timeline VALUES(5,'2026-11-25T14:46:10.9789808Z','cycle','main-1','state','Expanding','Training',NULL,NULL);
INSERT INTO timeline VALUES(6,'2026-11-25T14:46:11.0594426Z','run','57f662f770c3','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(7,'2026-11-25T14:46:11.0732633Z','run','d30e2bdbfccf','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(8,'2026-11-25T14:46:11.2233087Z','run','57f662f770c3','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(9,'2026-11-25T14:46:11.2464228Z','run','57f662f770c3','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(10,'2026-11-25T14:46:11.4992526Z','run','57f662f770c3','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(11,'2026-11-25T14:46:12.1412439Z','run','d30e2bdbfccf','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(12,'2026-11-25T14:46:12.1418677Z','run','d30e2bdbfccf','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(13,'2026-11-25T14:46:12.1612029Z','run','d30e2bdbfccf','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(14,'2026-11-25T14:46:12.1724128Z','cycle','main-1','chosen',NULL,NULL,'57f662f770c3 (demo, seed 1, not validated) of 57f662f770c3: demo, seed 1, not validated; d30e2bdbfccf: demo, seed 2, not validated',NULL);
INSERT INTO timeline VALUES(15,'2026-11-25T14:46:12.1745402Z','cycle','main-1','state','Training','Evaluating',NULL,NULL);
INSERT INTO timeline VALUES(16,'2026-11-25T14:46:12.1998729Z','run','57f662f770c3','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(17,'2026-11-25T14:46:12.2004323Z','run','57f662f770c3','state','Trained','Leased',NULL,NULL);
INSERT INTO timeline VALUES(18,'2026-11-25T14:46:12.2700702Z','run','57f662f770c3','state','Leased','Evaluated',NULL,NULL);
INSERT INTO timeline VALUES(19,'2026-11-25T14:46:12.2862128Z','cycle','main-1','state','Evaluating','Judging',NULL,NULL);
INSERT INTO timeline VALUES(20,'2026-11-25T14:46:12.4065784Z','cycle','main-1','state','Judging','Promoting','Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO timeline VALUES(21,'2026-11-25T14:46:12.5525421Z','line','main','promotion',NULL,NULL,'main/1 is generation 1: Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO timeline VALUES(22,'2026-11-25T14:46:12.6198362Z','cycle','main-1','state','Promoting','Completed','main/1 went into production as generation 1.',NULL);
INSERT INTO timeline VALUES(23,'2026-11-25T14:46:12.6548668Z','dataset','spleen','committed',NULL,NULL,'version f51fb6a2243e, commit 1, from drop ''drop''',NULL);
INSERT INTO timeline VALUES(24,'2026-11-25T14:46:12.6684948Z','cycle','main-2','started',NULL,NULL,'new data: spleen/f51fb6a2243e',NULL);
INSERT INTO timeline VALUES(25,'2026-11-25T14:46:12.6703117Z','cycle','main-2','state',NULL,'Collecting',NULL,NULL);
INSERT INTO timeline VALUES(26,'2026-11-25T14:46:12.8387248Z','cycle','main-2','state','Collecting','Expanding',NULL,NULL);
INSERT INTO timeline VALUES(27,'2026-11-25T14:46:12.8615987Z','cycle','main-2','state','Expanding','Training',NULL,NULL);
INSERT INTO timeline VALUES(28,'2026-11-25T14:46:12.8692634Z','run','94ce1cbdff3b','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(29,'2026-11-25T14:46:12.8742416Z','run','325c7e8f0774','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(30,'2026-11-25T14:46:12.8782138Z','run','94ce1cbdff3b','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(31,'2026-11-25T14:46:12.8786933Z','run','94ce1cbdff3b','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(32,'2026-11-25T14:46:12.8963488Z','run','94ce1cbdff3b','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(33,'2026-11-25T14:46:12.9083010Z','run','325c7e8f0774','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(34,'2026-11-25T14:46:12.9087043Z','run','325c7e8f0774','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(35,'2026-11-25T14:46:12.9210098Z','run','325c7e8f0774','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(36,'2026-11-25T14:46:12.9258310Z','cycle','main-2','chosen',NULL,NULL,'94ce1cbdff3b (demo, seed 1, not validated) of 94ce1cbdff3b: demo, seed 1, not validated; 325c7e8f0774: demo, seed 2, not validated',NULL);
INSERT INTO timeline VALUES(37,'2026-11-25T14:46:12.9263135Z','cycle','main-2','state','Training','Evaluating',NULL,NULL);
INSERT INTO timeline VALUES(38,'2026-11-25T14:46:12.9387616Z','run','94ce1cbdff3b','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(39,'2026-11-25T14:46:12.9391633Z','run','94ce1cbdff3b','state','Trained','Leased',NULL,NULL);
INSERT INTO timeline VALUES(40,'2026-11-25T14:46:12.9555433Z','run','94ce1cbdff3b','state','Leased','Evaluated',NULL,NULL);
INSERT INTO timeline VALUES(41,'2026-11-25T14:46:12.9625658Z','cycle','main-2','state','Evaluating','Judging',NULL,NULL);
INSERT INTO timeline VALUES(42,'2026-11-25T14:46:13.0120820Z','cycle','main-2','state','Judging','Promoting','Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO timeline VALUES(43,'2026-11-25T14:46:13.0266232Z','line','main','promotion',NULL,NULL,'main/2 is generation 2: Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO timeline VALUES(44,'2026-11-25T14:46:13.0478721Z','cycle','main-2','state','Promoting','Completed','main/2 went into production as generation 2.',NULL);
INSERT INTO timeline VALUES(45,'2026-11-25T14:46:13.1275240Z','schedule','nightly','created',NULL,NULL,'''30 2 * * *'' Europe/Berlin, line main, overlap skip, catch up none','ann');
INSERT INTO timeline VALUES(46,'2026-11-25T14:46:13.1898641Z','dataset','kidney','committed',NULL,NULL,'version 831c8cf8cd38, commit 1, from drop ''drop''',NULL);
INSERT INTO timeline VALUES(47,'2026-11-25T14:46:13.2046376Z','cycle','main-3','started',NULL,NULL,'new data: kidney/831c8cf8cd38',NULL);
INSERT INTO timeline VALUES(48,'2026-11-25T14:46:13.2060433Z','cycle','main-3','state',NULL,'Collecting',NULL,NULL);
INSERT INTO timeline VALUES(49,'2026-11-25T14:46:13.3288476Z','cycle','main-3','state','Collecting','Expanding',NULL,NULL);
INSERT INTO timeline VALUES(50,'2026-11-25T14:46:13.3757461Z','cycle','main-3','state','Expanding','Training',NULL,NULL);
INSERT INTO timeline VALUES(51,'2026-11-25T14:46:13.3804067Z','run','7c7fd2260a13','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(52,'2026-11-25T14:46:13.3839044Z','run','3d91d5d93a17','state',NULL,'Queued',NULL,NULL);
INSERT INTO timeline VALUES(53,'2026-11-25T14:46:13.3973138Z','run','7c7fd2260a13','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(54,'2026-11-25T14:46:13.3976859Z','run','7c7fd2260a13','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(55,'2026-11-25T14:46:13.4158624Z','line','main','rollback',NULL,NULL,'main/1 is generation 3','ann');
INSERT INTO timeline VALUES(56,'2026-11-25T14:46:13.4462442Z','run','7c7fd2260a13','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(57,'2026-11-25T14:46:13.4550606Z','run','3d91d5d93a17','leased',NULL,NULL,'attempt 1, Train, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(58,'2026-11-25T14:46:13.4555516Z','run','3d91d5d93a17','state','Queued','Leased',NULL,NULL);
INSERT INTO timeline VALUES(59,'2026-11-25T14:46:13.4676687Z','run','3d91d5d93a17','state','Leased','Trained',NULL,NULL);
INSERT INTO timeline VALUES(60,'2026-11-25T14:46:13.4719828Z','cycle','main-3','chosen',NULL,NULL,'7c7fd2260a13 (demo, seed 1, not validated) of 7c7fd2260a13: demo, seed 1, not validated; 3d91d5d93a17: demo, seed 2, not validated',NULL);
INSERT INTO timeline VALUES(61,'2026-11-25T14:46:13.4724188Z','cycle','main-3','state','Training','Evaluating',NULL,NULL);
INSERT INTO timeline VALUES(62,'2026-11-25T14:46:13.4817658Z','run','7c7fd2260a13','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-fac8e6bfe10640548374776fa12a26ef',NULL);
INSERT INTO timeline VALUES(63,'2026-11-25T14:46:13.4820615Z','run','7c7fd2260a13','state','Trained','Leased',NULL,NULL);
INSERT INTO timeline VALUES(64,'2026-11-25T14:46:13.4958788Z','run','7c7fd2260a13','state','Leased','Evaluated',NULL,NULL);
INSERT INTO timeline VALUES(65,'2026-11-25T14:46:13.5003070Z','cycle','main-3','state','Evaluating','Judging',NULL,NULL);
INSERT INTO timeline VALUES(66,'2026-11-25T14:46:13.5291697Z','cycle','main-3','state','Judging','AwaitingApproval','It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
CREATE TABLE IF NOT EXISTS "drops" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_drops" PRIMARY KEY,
    "Report" TEXT NOT NULL,
    "Fingerprint" TEXT NOT NULL,
    "Outcome" TEXT NOT NULL,
    "Dataset" TEXT NULL,
    "DatasetVersion" TEXT NULL,
    "ReportedAt" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS "firings" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_firings" PRIMARY KEY AUTOINCREMENT,
    "Schedule" TEXT NOT NULL,
    "Line" TEXT NOT NULL,
    "Key" TEXT NOT NULL,
    "ScheduledFor" TEXT NULL,
    "At" TEXT NOT NULL,
    "Fired" INTEGER NOT NULL,
    "Reason" TEXT NOT NULL,
    "Cycle" TEXT NULL
);
INSERT INTO firings VALUES(1,'data','main','83d9fe3957525255603a1e47adc3b6c3167d8e3ab83752bf844f2cf59eacd8b9',NULL,'2026-11-25T14:46:10.2914395Z',1,'new data: 12 labelled and 0 unlabelled cases, new tasks liver/organ','main-1');
INSERT INTO firings VALUES(2,'data','main','05c07e46974e678298fd87d0b3787bac5a976fa5e0b1bbbf1e530c9eec111ca7',NULL,'2026-11-25T14:46:12.6621914Z',1,'new data: 12 labelled and 0 unlabelled cases, new tasks spleen/organ','main-2');
INSERT INTO firings VALUES(3,'data','main','609f80fcc8c4233d125712dbcf2c98b36f18fa2bd54028a86139ce1c1233b49c',NULL,'2026-11-25T14:46:13.1950695Z',1,'new data: 12 labelled and 0 unlabelled cases, new tasks kidney/organ','main-3');
CREATE TABLE IF NOT EXISTS "notifications" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_notifications" PRIMARY KEY,
    "Event" TEXT NOT NULL,
    "Subject" TEXT NOT NULL,
    "Body" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "DueAt" TEXT NULL,
    "Attempts" INTEGER NOT NULL,
    "DeliveredAt" TEXT NULL,
    "LastError" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "schedules" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_schedules" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Line" TEXT NOT NULL,
    "Cron" TEXT NOT NULL,
    "TimeZone" TEXT NOT NULL,
    "Overlap" TEXT NOT NULL,
    "CatchUp" TEXT NOT NULL,
    "JitterSeconds" REAL NOT NULL,
    "Paused" INTEGER NOT NULL,
    "PausedBy" TEXT NULL,
    "Origin" TEXT NOT NULL,
    "NextTime" TEXT NULL,
    "NextDue" TEXT NULL,
    "LastFired" TEXT NULL
);
INSERT INTO schedules VALUES('nightly',1,'main','30 2 * * *','Europe/Berlin','skip','none',0.0,0,NULL,'ann','2026-11-26T01:30:00.0000000Z','2026-11-26T01:30:00.0000000Z',NULL);
CREATE TABLE IF NOT EXISTS "withdrawals" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_withdrawals" PRIMARY KEY,
    "Dataset" TEXT NULL,
    "Case" TEXT NULL,
    "Patient" TEXT NULL,
    "Who" TEXT NOT NULL,
    "Why" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "DueAt" TEXT NULL,
    "DoneAt" TEXT NULL,
    "Erased" TEXT NOT NULL,
    "Models" TEXT NOT NULL
);
INSERT INTO withdrawals VALUES('w-1','liver','case09',NULL,'ann','consent withdrawn','2026-11-25T14:46:13.5403412Z',NULL,'2026-11-25T14:46:13.5403993Z','["datasets/liver/x"]','["main/1: trained on it"]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('timeline',66);
INSERT INTO sqlite_sequence VALUES('firings',3);
CREATE UNIQUE INDEX "IX_cycles_Id" ON "cycles" ("Id");
CREATE UNIQUE INDEX "IX_cycles_Line_Number" ON "cycles" ("Line", "Number");
CREATE UNIQUE INDEX "IX_models_Line_Run" ON "models" ("Line", "Run");
CREATE UNIQUE INDEX "IX_runs_Id" ON "runs" ("Id");
CREATE INDEX "IX_timeline_Kind_Subject" ON "timeline" ("Kind", "Subject");
CREATE INDEX "IX_runs_Cycle" ON "runs" ("Cycle");
CREATE INDEX "IX_runs_DueAt" ON "runs" ("DueAt");
CREATE INDEX "IX_cycles_DueAt" ON "cycles" ("DueAt");
CREATE UNIQUE INDEX "IX_firings_Schedule_Line_Key" ON "firings" ("Schedule", "Line", "Key");
CREATE INDEX "IX_notifications_DueAt" ON "notifications" ("DueAt");
COMMIT;
